-- An account lives and dies with its agent or phone.
create function peerage.account_goes_with_its_owner()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Most often the account goes first, and takes its owner along. It stays when it has changed hands.
  if exists (
    select
    from peerage.sip_account as account
    where account.id = old.account_id
      and not exists (
        select
        from peerage.agent as agent
        where agent.account_id = account.id
      )
      and not exists (
        select
        from peerage.phone as phone
        where phone.account_id = account.id
      )
  ) then
    delete from peerage.sip_account
    where id = old.account_id;
  end if;
  return null;
end
$$;

comment on function peerage.account_goes_with_its_owner() is 'Removes the account that an agent or a phone leaves behind: nobody''s account would be served for ever.';

create trigger agent_account_deleted
  after delete on peerage.agent
  for each row
  when (old.account_id is not null)
  execute function peerage.account_goes_with_its_owner();

create trigger agent_account_changed
  after update of account_id on peerage.agent
  for each row
  when (old.account_id is not null and old.account_id is distinct from new.account_id)
  execute function peerage.account_goes_with_its_owner();

create trigger phone_account_deleted
  after delete on peerage.phone
  for each row
  execute function peerage.account_goes_with_its_owner();

create trigger phone_account_changed
  after update of account_id on peerage.phone
  for each row
  when (old.account_id is distinct from new.account_id)
  execute function peerage.account_goes_with_its_owner();
