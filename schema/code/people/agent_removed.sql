-- Who is removed does not sign in any more, whoever removed them.
create function peerage.agent_removed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.login_account
  set disabled = true
  where agent_id = new.id
    and role = 'agent'
    and not disabled;
  return null;
end
$$;

comment on function peerage.agent_removed() is 'Disables the user of an agent who is removed; a supervisor or an admin stays one.';

create trigger agent_removed
  after update of account_id on peerage.agent
  for each row
  when (old.removed_at is null and new.removed_at is not null)
  execute function peerage.agent_removed();
