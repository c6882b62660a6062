create function peerage.account_has_an_owner()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from peerage.sip_account as account
    where account.id = new.id
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
    perform peerage.refuse(
      'sip_account',
      'sip_account_owner_check',
      'number',
      new.number,
      'an account belongs to an agent or a phone, which must be inserted in the same transaction'
    );
  end if;
  return null;
end
$$;

comment on function peerage.account_has_an_owner() is 'Refuses, when the transaction ends, an account that belongs to no agent and no phone.';

create constraint trigger sip_account_owner
  after insert on peerage.sip_account
  deferrable initially deferred
  for each row
  execute function peerage.account_has_an_owner();
