-- object:   sipregs
-- module:   chan_sip (channels/chan_sip.c: realtime_update_peer, destroy_association)
-- read:     by name, by address and port
-- write:    update by name, at REGISTER, expiry, un-REGISTER and change of reachability; never insert or delete
-- asterisk: 16 to 20
-- site:     registration.site_id

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
  registration.registered_transport as transport
from peerage.sip_peer as registration;

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
