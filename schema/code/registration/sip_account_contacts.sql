create function peerage.sip_account_contacts()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_contact as contact
  using old_rows as account
  where contact.id >= account.number || '^3B@'
    and contact.id < account.number || '^3BA';
  return null;
end
$$;

comment on function peerage.sip_account_contacts() is 'Removes the contacts of removed accounts.';

create trigger sip_account_contacts
  after delete on peerage.sip_account
  referencing old table as old_rows
  for each statement
  execute function peerage.sip_account_contacts();
