create function peerage.sip_account_transports_changed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_contact as contact
  set transport_listed = peerage.transport_of(contact.uri) = any (new.transports)
    or (peerage.transport_of(contact.uri) = 'ws' and 'wss' = any (new.transports))
  where contact.id >= new.number || '^3B@'
    and contact.id < new.number || '^3BA';
  return null;
end
$$;

comment on function peerage.sip_account_transports_changed() is 'Judges its contacts anew when an account lists other transports.';

create trigger sip_account_transports_changed
  after update of transports on peerage.sip_account
  for each row
  when (old.transports is distinct from new.transports)
  execute function peerage.sip_account_transports_changed();
