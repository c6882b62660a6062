create table peerage.pjsip_endpoint (
  number text collate "C" not null,
  transport text,
  aors text,
  context text not null,
  allow text not null,
  identify_by text not null,
  force_rport text not null,
  rewrite_contact text not null,
  rtp_symmetric text not null,
  webrtc text not null,
  media_encryption text not null,
  callerid text,
  call_group text,
  pickup_group text,
  named_call_group text,
  named_pickup_group text,
  set_var text not null,
  deny text,
  permit text,
  site_id bigint not null,
  constraint pjsip_endpoint_number_pk primary key (number)
);

comment on table peerage.pjsip_endpoint is 'What PJSIP is told of an endpoint: one row for each account that has a secret and is not disabled.';
comment on column peerage.pjsip_endpoint.number is 'Number of the account: the endpoints id.';
comment on column peerage.pjsip_endpoint.transport is 'transport-<x> when the account lists one transport; null (follow the contact) when several.';
comment on column peerage.pjsip_endpoint.aors is 'Its AOR; null for type user, which cannot be called or register.';
comment on column peerage.pjsip_endpoint.context is 'Dialplan context.';
comment on column peerage.pjsip_endpoint.allow is 'Codecs in order; with video also h264.';
comment on column peerage.pjsip_endpoint.identify_by is 'How a request is matched: by From user, by address, or either.';
comment on column peerage.pjsip_endpoint.force_rport is 'yes or no (RFC 3581).';
comment on column peerage.pjsip_endpoint.rewrite_contact is 'yes or no: answer to where the REGISTER came from.';
comment on column peerage.pjsip_endpoint.rtp_symmetric is 'yes or no: send media to where media comes from.';
comment on column peerage.pjsip_endpoint.webrtc is 'yes when only WebSocket transports are listed.';
comment on column peerage.pjsip_endpoint.media_encryption is 'no, sdes or dtls.';
comment on column peerage.pjsip_endpoint.callerid is 'Caller id, quoted and coded; null for none.';
comment on column peerage.pjsip_endpoint.call_group is 'Call groups; null for none.';
comment on column peerage.pjsip_endpoint.pickup_group is 'Pickup groups; null for none.';
comment on column peerage.pjsip_endpoint.named_call_group is 'Named call groups; null for none.';
comment on column peerage.pjsip_endpoint.named_pickup_group is 'Named pickup groups; null for none.';
comment on column peerage.pjsip_endpoint.set_var is 'Variables for the dialplan: a list, so its `;` is raw.';
comment on column peerage.pjsip_endpoint.deny is 'Everything when the host is fixed; null otherwise.';
comment on column peerage.pjsip_endpoint.permit is 'The fixed host; null otherwise.';
comment on column peerage.pjsip_endpoint.site_id is 'Site of the account: a node that serves named sites reads the rows of those alone.';

create table peerage.pjsip_auth (
  number text collate "C" not null,
  md5_cred text,
  realm text,
  password_digest text,
  supported_algorithms_uas text,
  site_id bigint not null,
  constraint pjsip_auth_number_pk primary key (number)
);

comment on table peerage.pjsip_auth is 'What PJSIP is told of authentication: one row for each account with a secret that is not disabled.';
comment on column peerage.pjsip_auth.number is 'Number of the account: the auths id.';
comment on column peerage.pjsip_auth.md5_cred is 'MD5 of number:realm:secret.';
comment on column peerage.pjsip_auth.realm is 'Realm the digests were made for.';
comment on column peerage.pjsip_auth.password_digest is 'SHA-256 digest where the site offers it; null otherwise.';
comment on column peerage.pjsip_auth.supported_algorithms_uas is 'Algorithms in order where the site offers SHA-256; null otherwise: one listed without its digest loses the auth.';
comment on column peerage.pjsip_auth.site_id is 'Site of the account: a node that serves named sites reads the rows of those alone.';

create table peerage.pjsip_aor (
  number text collate "C" not null,
  max_contacts text not null,
  remove_existing text not null,
  qualify_frequency text not null,
  contact text,
  site_id bigint not null,
  constraint pjsip_aor_number_pk primary key (number)
);

comment on table peerage.pjsip_aor is 'What PJSIP is told of an address of record: one row for each account that can be called, has a secret and is not disabled.';
comment on column peerage.pjsip_aor.number is 'Number of the account: the AORs id.';
comment on column peerage.pjsip_aor.max_contacts is 'Most contacts at once; 0 (no registration) for a fixed host.';
comment on column peerage.pjsip_aor.remove_existing is 'yes when it registers: else a phone that comes back from a new port is refused.';
comment on column peerage.pjsip_aor.qualify_frequency is 'Seconds between OPTIONS requests; 0 is off.';
comment on column peerage.pjsip_aor.contact is 'URI of a fixed host, with `;` coded (a raw one makes the AOR vanish); null when it registers. Asterisk cannot open a WebSocket, so the transport is the first of udp, tcp, tls.';
comment on column peerage.pjsip_aor.site_id is 'Site of the account: a node that serves named sites reads the rows of those alone.';

create table peerage.pjsip_identify (
  number text collate "C" not null,
  match text not null,
  site_id bigint not null,
  constraint pjsip_identify_number_pk primary key (number)
);

comment on table peerage.pjsip_identify is 'By which address PJSIP knows an endpoint: fixed hosts only, because it is read whole for every request from outside a dialog.';
comment on column peerage.pjsip_identify.number is 'Number of the account: the identifys id, and its endpoint.';
comment on column peerage.pjsip_identify.match is 'The address; never a name, which Asterisk would look up on each request.';
comment on column peerage.pjsip_identify.site_id is 'Site of the account: a node that serves named sites reads the rows of those alone.';

create table peerage.sip_peer (
  number text collate "C" not null,
  host text collate "C",
  type text,
  md5secret text,
  context text,
  transport text,
  nat text,
  insecure text collate "C",
  deny text,
  permit text,
  allow text,
  videosupport text,
  encryption text,
  callerid text,
  callgroup text,
  pickupgroup text,
  namedcallgroup text,
  namedpickupgroup text,
  setvar text,
  qualify text,
  qualifyfreq text,
  websocket text,
  dtlsverify text,
  dtlssetup text,
  dtlsautogeneratecert text,
  defaultuser text collate "C",
  site_id bigint,
  ipaddr text collate "C",
  port text collate "C",
  regseconds text,
  fullcontact text,
  regserver text,
  useragent text,
  lastms text,
  path text,
  registered_transport text,
  node text not null default '',
  registered_at timestamptz,
  written_at timestamptz,
  contact_uri text,
  agent_name text,
  expires_at timestamptz,
  constraint sip_peer_number_pk primary key (number)
)
-- Room on each page for the next state of its rows, so that a refresh touches no index.
with (fillfactor = 80);

-- chan_sip's searches by address: by host, by insecure where sipregs is mapped, and by where a phone registered from.
-- Fixed hosts are few.
create index sip_peer_host_idx
  on peerage.sip_peer (host, number)
  where host <> 'dynamic';

create index sip_peer_insecure_idx
  on peerage.sip_peer (insecure)
  where insecure is not null;

create index sip_peer_ipaddr_port_idx
  on peerage.sip_peer (ipaddr, port)
  where ipaddr is not null;

comment on table peerage.sip_peer is 'What chan_sip is told of a peer: one row for each account that has a secret and is not disabled. Each Voice field is explicit, because a null would mean what [general] of sip.conf says. From defaultuser on it is what chan_sip writes: it only updates, so the row is there before. Live means expires_at in the future.';
comment on column peerage.sip_peer.number is 'Number of the account: the peers name.';
comment on column peerage.sip_peer.host is 'dynamic, or the fixed address; dynamic for type user, whatever the host.';
comment on column peerage.sip_peer.type is 'user, peer or friend.';
comment on column peerage.sip_peer.md5secret is 'MD5 of number:realm:secret.';
comment on column peerage.sip_peer.context is 'Dialplan context.';
comment on column peerage.sip_peer.transport is 'Transports in order; an unlisted one is refused.';
comment on column peerage.sip_peer.nat is 'In words that chan_sip knows: `never` and `route` would silently mean `no`.';
comment on column peerage.sip_peer.insecure is 'port for a fixed host, without which chan_sip does not find the peer by address; null otherwise.';
comment on column peerage.sip_peer.deny is 'Everything when the host is fixed; null otherwise.';
comment on column peerage.sip_peer.permit is 'The fixed host; null otherwise.';
comment on column peerage.sip_peer.allow is 'Codecs in order; with video also h264.';
comment on column peerage.sip_peer.videosupport is 'yes or no.';
comment on column peerage.sip_peer.encryption is 'yes or no.';
comment on column peerage.sip_peer.callerid is 'Caller id, quoted and coded; null for none.';
comment on column peerage.sip_peer.callgroup is 'Call groups; null for none.';
comment on column peerage.sip_peer.pickupgroup is 'Pickup groups; null for none.';
comment on column peerage.sip_peer.namedcallgroup is 'Named call groups; null for none.';
comment on column peerage.sip_peer.namedpickupgroup is 'Named pickup groups; null for none.';
comment on column peerage.sip_peer.setvar is 'Variables for the dialplan: a list, so its `;` is raw.';
comment on column peerage.sip_peer.qualify is 'yes or no; yes only where chan_sip keeps peers in memory.';
comment on column peerage.sip_peer.qualifyfreq is 'Seconds between OPTIONS requests.';
comment on column peerage.sip_peer.websocket is 'yes when only WebSocket transports are listed: AVPF, ICE, RTCP multiplexing and DTLS together.';
comment on column peerage.sip_peer.dtlsverify is 'fingerprint for a browser; null otherwise.';
comment on column peerage.sip_peer.dtlssetup is 'actpass for a browser; null otherwise.';
comment on column peerage.sip_peer.dtlsautogeneratecert is 'yes for a browser; null otherwise.';
comment on column peerage.sip_peer.ipaddr is 'Address it registered from; null when it is not registered.';
comment on column peerage.sip_peer.port is 'Port it registered from, as written.';
comment on column peerage.sip_peer.regseconds is 'Seconds since 1970 at which the registration expires, as written.';
comment on column peerage.sip_peer.defaultuser is 'Whom a call to it asks for: the number, or the user part of its contact as chan_sip wrote it.';
comment on column peerage.sip_peer.fullcontact is 'Contact URI as written, with `;` coded.';
comment on column peerage.sip_peer.regserver is 'systemname of the Asterisk that took the REGISTER (rtsavesysname).';
comment on column peerage.sip_peer.useragent is 'User-Agent header, as written.';
comment on column peerage.sip_peer.lastms is 'Round trip of the last OPTIONS in milliseconds, -1 unreachable, as written.';
comment on column peerage.sip_peer.path is 'Path header, as written (rtsavepath).';
comment on column peerage.sip_peer.registered_transport is 'The account''s transports with the one it registered over in front; null when it is not registered.';
comment on column peerage.sip_peer.node is 'The node that wrote the registration, by its login.';
comment on column peerage.sip_peer.registered_at is 'When the present registration began; null when there is none.';
comment on column peerage.sip_peer.written_at is 'When chan_sip last wrote; null for never.';
comment on column peerage.sip_peer.contact_uri is 'Contact URI, decoded.';
comment on column peerage.sip_peer.agent_name is 'User-Agent header, decoded.';
comment on column peerage.sip_peer.expires_at is 'When the registration expires; null when there is none.';
comment on column peerage.sip_peer.site_id is 'Site of the account: a node that serves named sites reads the rows of those alone.';
