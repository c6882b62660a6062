-- object:   sipregs
-- module:   chan_sip (channels/chan_sip.c: realtime_update_peer, destroy_association)
-- read:     by name, by address and port
-- write:    update by name, at REGISTER, expiry, un-REGISTER and change of reachability; never insert or delete
-- asterisk: 16 to 20

create view asterisk.sipregs as
select
  registration.number as name,
  registration.ipaddr as ipaddr,
  registration.port as port,
  registration.regseconds as regseconds,
  registration.defaultuser as defaultuser,
  registration.fullcontact as fullcontact,
  registration.regserver as regserver,
  registration.useragent as useragent,
  registration.lastms as lastms,
  registration.path as path,
  registration.transport as transport
from peerage.sip_registration as registration;

comment on view asterisk.sipregs is 'chan_sip registrations: one row for each account, because chan_sip only updates.';
comment on column asterisk.sipregs.name is 'Number of the account.';
comment on column asterisk.sipregs.ipaddr is 'Address it registered from; null when not registered.';
comment on column asterisk.sipregs.port is 'Port it registered from.';
comment on column asterisk.sipregs.regseconds is 'Seconds since 1970 at which the registration expires.';
comment on column asterisk.sipregs.defaultuser is 'User part of the contact.';
comment on column asterisk.sipregs.fullcontact is 'Contact URI, with `;` coded.';
comment on column asterisk.sipregs.regserver is 'systemname of the Asterisk that took the REGISTER.';
comment on column asterisk.sipregs.useragent is 'User-Agent header.';
comment on column asterisk.sipregs.lastms is 'Milliseconds; -1 is unreachable.';
comment on column asterisk.sipregs.path is 'Path header.';
comment on column asterisk.sipregs.transport is 'The account''s transports with the one it registered over in front; null when not registered. chan_sip does not write it, but reads it after that of sippeers: without it an uncached peer is dialled over its first transport, whatever it registered with.';

create function asterisk.sipregs_write()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  writer text := current_setting('application_name');
  clears boolean := coalesce(new.fullcontact, '') = '' and coalesce(nullif(new.regseconds, ''), '0') = '0';
  -- Without a parameter it is UDP (RFC 3261 section 19.1.2).
  used text := lower(coalesce(
    substring(new.fullcontact from '\^3B[Tt][Rr][Aa][Nn][Ss][Pp][Oo][Rr][Tt]=([A-Za-z]+)'),
    'udp'
  ));
begin
  -- A node whose memory is out of date (the phone has since registered at another one) would clear a live registration.
  if clears
    and exists (
      select
      from peerage.sip_registration as registration
      where registration.number = old.name
        and registration.node <> writer
        and registration.expires_at > clock_timestamp()
    )
  then
    return new;
  end if;

  update peerage.sip_registration as registration
  set
    ipaddr = nullif(new.ipaddr, ''),
    port = case
      when clears then null
      else nullif(new.port, '')
    end,
    regseconds = case
      when clears then null
      else nullif(new.regseconds, '')
    end,
    defaultuser = nullif(new.defaultuser, ''),
    fullcontact = nullif(new.fullcontact, ''),
    regserver = nullif(new.regserver, ''),
    useragent = nullif(new.useragent, ''),
    lastms = nullif(new.lastms, ''),
    path = nullif(new.path, ''),
    transport = case
      when not clears then (
        select array_to_string(used || array_remove(account.transports, used), ',')
        from peerage.sip_account as account
        where account.number = old.name
          and used = any (account.transports)
      )
    end,
    node = writer,
    registered_at = case
      when clears then null
      when old.fullcontact is null then clock_timestamp()
      else registration.registered_at
    end,
    written_at = clock_timestamp()
  where registration.number = old.name;
  return new;
end
$$;

comment on function asterisk.sipregs_write() is 'Takes what chan_sip writes of a registration; a clear by another node than the one that registered is ignored while the registration lives.';

create trigger sipregs_write
  instead of update on asterisk.sipregs
  for each row
  execute function asterisk.sipregs_write();
