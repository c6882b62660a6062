create function peerage.agent_removal()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if new.account_id is null and old.account_id is not null and new.removed_at is null then
    new.removed_at := clock_timestamp();
  end if;
  return new;
end
$$;

comment on function peerage.agent_removal() is 'Notes the moment at which an agent lost its account, whoever removed that.';

create trigger agent_removal
  before update of account_id on peerage.agent
  for each row
  execute function peerage.agent_removal();
