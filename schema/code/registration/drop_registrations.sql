-- Who is disabled, or has another secret, registers anew or not at all; calls do not go on to whoever knew the old one.
create function peerage.drop_registrations(of_number text)
  returns void
  language sql
  volatile
  set search_path = pg_catalog, pg_temp
begin atomic
  -- A contact that is bound at this moment is either here already, or finds the account as it now is.
  select
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(of_number) & 1023)
  for no key update;

  delete from peerage.sip_contact
  where id >= of_number || '^3B@'
    and id < of_number || '^3BA';

  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0',
    written_at = clock_timestamp()
  where number = of_number
    and expires_at is not null;
end;

comment on function peerage.drop_registrations(text) is 'Ends all registrations of an account, whichever nodes wrote them.';
