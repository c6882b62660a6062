create function peerage.sip_account_unregisters()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.drop_registrations(new.number);
  return null;
end
$$;

comment on function peerage.sip_account_unregisters() is 'Ends the registrations of an account that is disabled, or whose secret is another.';

create trigger sip_account_unregisters
  after update of disabled on peerage.sip_account
  for each row
  when (new.disabled and not old.disabled)
  execute function peerage.sip_account_unregisters();

create trigger sip_secret_unregisters
  after update of md5, sha256 on peerage.sip_secret
  for each row
  when (old.md5 is distinct from new.md5 or old.sha256 is distinct from new.sha256)
  execute function peerage.sip_account_unregisters();
