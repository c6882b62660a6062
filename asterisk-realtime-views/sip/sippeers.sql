-- object:   sippeers
-- module:   chan_sip (channels/chan_sip.c: realtime_peer_by_name, realtime_peer_by_addr, build_peer)
-- read:     by name, by name and host, by host and port, by host and insecure; with callbackextension at load
-- write:    update by name, at REGISTER, expiry, un-REGISTER and change of reachability, of the columns from ipaddr on
-- asterisk: 16 to 20
-- site:     peer.site_id

-- The caller id: for a node the bytes of its UTF-8, which are the same for ASCII.
create view asterisk.sippeers as
select
  peer.number as name,
  peer.host as host,
  peer.type as type,
  peer.md5secret as md5secret,
  peer.context as context,
  peer.context as subscribecontext,
  coalesce(peer.registered_transport, peer.transport) as transport,
  peer.nat as nat,
  peer.insecure as insecure,
  peer.deny as deny,
  peer.permit as permit,
  'all'::text as disallow,
  peer.allow as allow,
  peer.videosupport as videosupport,
  peer.encryption as encryption,
  case
    when octet_length(peer.callerid) = char_length(peer.callerid) then peer.callerid
    else peerage.sent(peer.callerid)
  end as callerid,
  peer.callgroup as callgroup,
  peer.pickupgroup as pickupgroup,
  peer.namedcallgroup as namedcallgroup,
  peer.namedpickupgroup as namedpickupgroup,
  peer.setvar as setvar,
  peer.qualify as qualify,
  peer.qualifyfreq as qualifyfreq,
  peer.websocket as avpf,
  peer.websocket as force_avp,
  peer.websocket as icesupport,
  peer.websocket as rtcp_mux,
  peer.websocket as dtlsenable,
  peer.dtlsverify as dtlsverify,
  peer.dtlssetup as dtlssetup,
  peer.dtlsautogeneratecert as dtlsautogeneratecert,
  null::text as callbackextension,
  peer.ipaddr as ipaddr,
  peer.port as port,
  peer.regseconds as regseconds,
  peer.defaultuser as defaultuser,
  peer.fullcontact as fullcontact,
  peer.regserver as regserver,
  peer.useragent as useragent,
  peer.lastms as lastms,
  peer.path as path
from peerage.sip_peer as peer;

comment on view asterisk.sippeers is 'chan_sip peers: one for each account that has a secret and is not disabled. Configuration, then from ipaddr on what chan_sip writes: host comes first, because chan_sip forgets the address when it reads a dynamic host.';
comment on column asterisk.sippeers.name is 'Number of the account.';
comment on column asterisk.sippeers.host is 'dynamic, or the fixed address in text: chan_sip compares it as text. Type user is always dynamic.';
comment on column asterisk.sippeers.type is 'user, peer or friend.';
comment on column asterisk.sippeers.md5secret is 'MD5 of number:realm:secret; `realm` of sip.conf must be that realm.';
comment on column asterisk.sippeers.context is 'Dialplan context.';
comment on column asterisk.sippeers.subscribecontext is 'Dialplan context of its subscriptions.';
comment on column asterisk.sippeers.transport is 'Transports in order, the one it registered over in front; an unlisted one is refused. Without that order an uncached peer is dialled over its first transport, whatever it registered with.';
comment on column asterisk.sippeers.nat is 'no, force_rport, comedia, or both.';
comment on column asterisk.sippeers.insecure is 'port for a fixed host; null otherwise.';
comment on column asterisk.sippeers.deny is 'Everything when the host is fixed; null otherwise. Stands before permit: the order counts.';
comment on column asterisk.sippeers.permit is 'The fixed host; null otherwise.';
comment on column asterisk.sippeers.disallow is 'all. Stands before allow: the order counts.';
comment on column asterisk.sippeers.allow is 'Codecs in order.';
comment on column asterisk.sippeers.videosupport is 'yes or no.';
comment on column asterisk.sippeers.encryption is 'yes or no.';
comment on column asterisk.sippeers.callerid is 'Caller id; null for none.';
comment on column asterisk.sippeers.callgroup is 'Call groups; null for none.';
comment on column asterisk.sippeers.pickupgroup is 'Pickup groups; null for none.';
comment on column asterisk.sippeers.namedcallgroup is 'Named call groups; null for none.';
comment on column asterisk.sippeers.namedpickupgroup is 'Named pickup groups; null for none.';
comment on column asterisk.sippeers.setvar is 'PEERAGE_CHANSPY and PEERAGE_RECORD for the dialplan; a list, so its `;` is raw.';
comment on column asterisk.sippeers.qualify is 'yes or no; chan_sip qualifies only with rtcachefriends.';
comment on column asterisk.sippeers.qualifyfreq is 'Seconds between OPTIONS requests.';
comment on column asterisk.sippeers.avpf is 'yes for a browser.';
comment on column asterisk.sippeers.force_avp is 'yes for a browser.';
comment on column asterisk.sippeers.icesupport is 'yes for a browser.';
comment on column asterisk.sippeers.rtcp_mux is 'yes for a browser.';
comment on column asterisk.sippeers.dtlsenable is 'yes for a browser.';
comment on column asterisk.sippeers.dtlsverify is 'fingerprint for a browser; null otherwise.';
comment on column asterisk.sippeers.dtlssetup is 'actpass for a browser; null otherwise.';
comment on column asterisk.sippeers.dtlsautogeneratecert is 'yes for a browser; null otherwise.';
comment on column asterisk.sippeers.callbackextension is 'Null: Asterisk registers nowhere. It is looked up at load, so it must exist; an empty text would load every row.';
comment on column asterisk.sippeers.ipaddr is 'Address it registered from; null when not registered.';
comment on column asterisk.sippeers.port is 'Port it registered from; null when not registered, so that a fixed host may call from any port.';
comment on column asterisk.sippeers.regseconds is 'Seconds since 1970 at which the registration expires.';
comment on column asterisk.sippeers.defaultuser is 'Whom a call to it asks for: the number, or the user part of its contact.';
comment on column asterisk.sippeers.fullcontact is 'Contact URI, with `;` coded.';
comment on column asterisk.sippeers.regserver is 'systemname of the Asterisk that took the REGISTER.';
comment on column asterisk.sippeers.useragent is 'User-Agent header.';
comment on column asterisk.sippeers.lastms is 'Milliseconds; -1 is unreachable.';
comment on column asterisk.sippeers.path is 'Path header.';
