-- object:   sippeers
-- module:   chan_sip (channels/chan_sip.c: realtime_peer_by_name, realtime_peer_by_addr, build_peer)
-- read:     by name, by name and host, by host and port, by host and insecure; with callbackextension at load
-- write:    never: chan_sip writes to sipregs where that is mapped
-- asterisk: 16 to 20

create view asterisk.sippeers as
select
  peer.number as name,
  peer.host as host,
  peer.type as type,
  peer.number as defaultuser,
  peer.md5secret as md5secret,
  peer.context as context,
  peer.context as subscribecontext,
  peer.transport as transport,
  peer.nat as nat,
  peer.insecure as insecure,
  peer.deny as deny,
  peer.permit as permit,
  'all'::text as disallow,
  peer.allow as allow,
  peer.videosupport as videosupport,
  peer.encryption as encryption,
  peer.callerid as callerid,
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
  null::text as port,
  null::text as callbackextension
from peerage.sip_peer as peer;

comment on view asterisk.sippeers is 'chan_sip peers: one for each account that has a secret and is not disabled. Configuration alone; what chan_sip writes is in sipregs.';
comment on column asterisk.sippeers.name is 'Number of the account.';
comment on column asterisk.sippeers.host is 'dynamic, or the fixed address in text: chan_sip compares it as text. Type user is always dynamic.';
comment on column asterisk.sippeers.type is 'user, peer or friend.';
comment on column asterisk.sippeers.defaultuser is 'Number of the account.';
comment on column asterisk.sippeers.md5secret is 'MD5 of number:realm:secret; `realm` of sip.conf must be that realm.';
comment on column asterisk.sippeers.context is 'Dialplan context.';
comment on column asterisk.sippeers.subscribecontext is 'Dialplan context of its subscriptions.';
comment on column asterisk.sippeers.transport is 'Transports in order; an unlisted one is refused.';
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
comment on column asterisk.sippeers.port is 'Null: a fixed host may call from any port. It is looked up (host and port), so it must exist.';
comment on column asterisk.sippeers.callbackextension is 'Null: Asterisk registers nowhere. It is looked up at load, so it must exist; an empty text would load every row.';
