-- A node that caches still lets in who was disabled a moment ago.
create function peerage.sip_contact_disabled()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from peerage.sip_account as account
    where account.id = new.account_id
      and account.disabled
  ) then
    perform peerage.refuse('sip_contact', 'sip_contact_disabled_check', 'id', new.id, 'the account is disabled');
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_disabled() is 'Refuses contacts of disabled accounts. Runs after the account is found, by its name.';

create trigger sip_contact_disabled
  before insert on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_disabled();
