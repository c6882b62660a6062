-- The served tables: what Asterisk is told, one narrow table for each thing it asks for.
--
-- The mapping from the Voice section to Asterisk stands once, in the views named *_mapping. Their rows are kept in the
-- tables beside them by trigger, because reading a mapping costs each lookup several times what reading a narrow table
-- costs, and lookups outnumber changes by far. An account without a secret is not served at all: chan_sip would let
-- anybody in who knows the number. A changed mapping is a migration that replaces the view and calls
-- peerage.serve_all(); a test holds the tables against the mappings.
--
-- The row of a chan_sip peer also takes what chan_sip writes about its registration, so that one lookup tells all: chan_sip
-- would ask a second statement, for every packet, of a table apart.

create function peerage.wire_callerid(name text, number text, own text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when name is not null
      then '"' || peerage.wire(replace(replace(name, '\', '\\'), '"', '\"')) || '" <' || coalesce(number, own) || '>'
    when number is not null then '<' || number || '>'
  end;

comment on function peerage.wire_callerid(text, text, text) is
  'A caller id as Asterisk parses it (main/callerid.c, ast_callerid_parse): the name quoted, its `"` and `\` escaped, and coded for the realtime driver; null for none. A name alone goes with the account''s own number, because PJSIP drops a name without one (res_pjsip_caller_id.c).';

create function peerage.wire_variables(chanspy boolean, record text)
  returns text
  language sql
  immutable
  parallel safe
  return 'PEERAGE_CHANSPY='
    || case
      when chanspy then 'yes'
      else 'no'
    end
    || ';PEERAGE_RECORD='
    || record;

comment on function peerage.wire_variables(boolean, text) is
  'What the dialplan knows of an account: PEERAGE_CHANSPY is yes or no, PEERAGE_RECORD is inactive, wav, wav49 or gsm.';

create view peerage.pjsip_endpoint_mapping as
select
  account.number as number,
  case
    when cardinality(account.transports) = 1 then 'transport-' || account.transports[1]
  end as transport,
  case
    when account.type <> 'user' then account.number
  end as aors,
  account.context as context,
  array_to_string(account.codecs, ',')
  || case
    when account.video then ',h264'
    else ''
  end as allow,
  case
    when account.host = 'dynamic' or account.type = 'user' then 'username'
    when account.type = 'peer' then 'ip'
    else 'username,ip'
  end as identify_by,
  case
    when account.nat in ('yes', 'route', 'force_rport') then 'yes'
    else 'no'
  end as force_rport,
  case
    when account.nat in ('yes', 'route', 'force_rport') then 'yes'
    else 'no'
  end as rewrite_contact,
  case
    when account.nat in ('yes', 'route', 'comedia') then 'yes'
    else 'no'
  end as rtp_symmetric,
  case
    when account.transports <@ array['ws', 'wss'] then 'yes'
    else 'no'
  end as webrtc,
  case
    when account.transports <@ array['ws', 'wss'] then 'dtls'
    when account.encryption then 'sdes'
    else 'no'
  end as media_encryption,
  peerage.wire_callerid(account.callerid_name, account.callerid_number, account.number) as callerid,
  nullif(array_to_string(account.call_groups, ','), '') as call_group,
  nullif(array_to_string(account.pickup_groups, ','), '') as pickup_group,
  nullif(array_to_string(account.named_call_groups, ','), '') as named_call_group,
  nullif(array_to_string(account.named_pickup_groups, ','), '') as named_pickup_group,
  peerage.wire_variables(account.chanspy, account.record) as set_var,
  case
    when account.host <> 'dynamic' then '0.0.0.0/0,::/0'
  end as deny,
  case
    when account.host like '%:%' then account.host || '/128'
    when account.host <> 'dynamic' then account.host || '/32'
  end as permit,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.sip_secret as secret on secret.id = account.id
where not account.disabled;

comment on view peerage.pjsip_endpoint_mapping is 'The mapping behind peerage.pjsip_endpoint, computed from the accounts as they stand.';

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
comment on column peerage.pjsip_endpoint_mapping.number is 'Number of the account: the endpoints id.';
comment on column peerage.pjsip_endpoint_mapping.transport is 'transport-<x> when the account lists one transport; null (follow the contact) when several.';
comment on column peerage.pjsip_endpoint_mapping.aors is 'Its AOR; null for type user, which cannot be called or register.';
comment on column peerage.pjsip_endpoint_mapping.context is 'Dialplan context.';
comment on column peerage.pjsip_endpoint_mapping.allow is 'Codecs in order; with video also h264.';
comment on column peerage.pjsip_endpoint_mapping.identify_by is 'How a request is matched: by From user, by address, or either.';
comment on column peerage.pjsip_endpoint_mapping.force_rport is 'yes or no (RFC 3581).';
comment on column peerage.pjsip_endpoint_mapping.rewrite_contact is 'yes or no: answer to where the REGISTER came from.';
comment on column peerage.pjsip_endpoint_mapping.rtp_symmetric is 'yes or no: send media to where media comes from.';
comment on column peerage.pjsip_endpoint_mapping.webrtc is 'yes when only WebSocket transports are listed.';
comment on column peerage.pjsip_endpoint_mapping.media_encryption is 'no, sdes or dtls.';
comment on column peerage.pjsip_endpoint_mapping.callerid is 'Caller id, quoted and coded; null for none.';
comment on column peerage.pjsip_endpoint_mapping.call_group is 'Call groups; null for none.';
comment on column peerage.pjsip_endpoint_mapping.pickup_group is 'Pickup groups; null for none.';
comment on column peerage.pjsip_endpoint_mapping.named_call_group is 'Named call groups; null for none.';
comment on column peerage.pjsip_endpoint_mapping.named_pickup_group is 'Named pickup groups; null for none.';
comment on column peerage.pjsip_endpoint_mapping.set_var is 'Variables for the dialplan: a list, so its `;` is raw.';
comment on column peerage.pjsip_endpoint_mapping.deny is 'Everything when the host is fixed; null otherwise.';
comment on column peerage.pjsip_endpoint_mapping.permit is 'The fixed host; null otherwise.';
comment on column peerage.pjsip_endpoint_mapping.site_id is 'Site of the account.';

create view peerage.pjsip_auth_mapping as
select
  account.number as number,
  secret.md5 as md5_cred,
  secret.realm as realm,
  case
    when site.offer_sha256 then 'SHA-256:' || secret.sha256
  end as password_digest,
  case
    when site.offer_sha256 then 'SHA-256,MD5'
  end as supported_algorithms_uas,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.sip_secret as secret on secret.id = account.id
  join peerage.site as site on site.id = account.site_id
where not account.disabled;

comment on view peerage.pjsip_auth_mapping is 'The mapping behind peerage.pjsip_auth, computed from the accounts as they stand.';

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
comment on column peerage.pjsip_auth_mapping.number is 'Number of the account: the auths id.';
comment on column peerage.pjsip_auth_mapping.md5_cred is 'MD5 of number:realm:secret.';
comment on column peerage.pjsip_auth_mapping.realm is 'Realm the digests were made for.';
comment on column peerage.pjsip_auth_mapping.password_digest is 'SHA-256 digest where the site offers it; null otherwise.';
comment on column peerage.pjsip_auth_mapping.supported_algorithms_uas is 'Algorithms in order where the site offers SHA-256; null otherwise: one listed without its digest loses the auth.';
comment on column peerage.pjsip_auth_mapping.site_id is 'Site of the account.';

create view peerage.pjsip_aor_mapping as
select
  account.number as number,
  case
    when account.host = 'dynamic' then account.max_contacts::text
    else '0'
  end as max_contacts,
  case
    when account.host = 'dynamic' then 'yes'
    else 'no'
  end as remove_existing,
  account.qualify_seconds::text as qualify_frequency,
  case
    when account.host <> 'dynamic'
      then 'sip:'
      || account.number
      || '@'
      || case
        when account.host like '%:%' then '[' || account.host || ']'
        else account.host
      end
      || '^3Btransport='
      || account.transports[least(
        array_position(account.transports, 'udp'),
        array_position(account.transports, 'tcp'),
        array_position(account.transports, 'tls')
      )]
  end as contact,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.sip_secret as secret on secret.id = account.id
where not account.disabled
  and account.type <> 'user';

comment on view peerage.pjsip_aor_mapping is 'The mapping behind peerage.pjsip_aor, computed from the accounts as they stand.';

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
comment on column peerage.pjsip_aor_mapping.number is 'Number of the account: the AORs id.';
comment on column peerage.pjsip_aor_mapping.max_contacts is 'Most contacts at once; 0 (no registration) for a fixed host.';
comment on column peerage.pjsip_aor_mapping.remove_existing is 'yes when it registers: else a phone that comes back from a new port is refused.';
comment on column peerage.pjsip_aor_mapping.qualify_frequency is 'Seconds between OPTIONS requests; 0 is off.';
comment on column peerage.pjsip_aor_mapping.contact is 'URI of a fixed host, with `;` coded (a raw one makes the AOR vanish); null when it registers. Asterisk cannot open a WebSocket, so the transport is the first of udp, tcp, tls.';
comment on column peerage.pjsip_aor_mapping.site_id is 'Site of the account.';

create view peerage.pjsip_identify_mapping as
select
  account.number as number,
  account.host as match,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.sip_secret as secret on secret.id = account.id
where not account.disabled
  and account.type <> 'user'
  and account.host <> 'dynamic';

comment on view peerage.pjsip_identify_mapping is 'The mapping behind peerage.pjsip_identify, computed from the accounts as they stand.';

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
comment on column peerage.pjsip_identify_mapping.number is 'Number of the account: the identifys id, and its endpoint.';
comment on column peerage.pjsip_identify_mapping.match is 'The address; never a name, which Asterisk would look up on each request.';
comment on column peerage.pjsip_identify_mapping.site_id is 'Site of the account.';

create view peerage.sip_peer_mapping as
select
  account.number as number,
  case
    when account.type = 'user' then 'dynamic'
    else account.host
  end as host,
  account.type as type,
  secret.md5 as md5secret,
  account.context as context,
  array_to_string(account.transports, ',') as transport,
  case
    when account.nat in ('yes', 'route') then 'force_rport,comedia'
    when account.nat in ('no', 'never') then 'no'
    else account.nat
  end as nat,
  case
    when account.type <> 'user' and account.host <> 'dynamic' then 'port'
  end as insecure,
  case
    when account.host <> 'dynamic' then '0.0.0.0/0,::/0'
  end as deny,
  case
    when account.host like '%:%' then account.host || '/128'
    when account.host <> 'dynamic' then account.host || '/32'
  end as permit,
  array_to_string(account.codecs, ',')
  || case
    when account.video then ',h264'
    else ''
  end as allow,
  case
    when account.video then 'yes'
    else 'no'
  end as videosupport,
  case
    when account.encryption then 'yes'
    else 'no'
  end as encryption,
  peerage.wire_callerid(account.callerid_name, account.callerid_number, account.number) as callerid,
  nullif(array_to_string(account.call_groups, ','), '') as callgroup,
  nullif(array_to_string(account.pickup_groups, ','), '') as pickupgroup,
  nullif(array_to_string(account.named_call_groups, ','), '') as namedcallgroup,
  nullif(array_to_string(account.named_pickup_groups, ','), '') as namedpickupgroup,
  peerage.wire_variables(account.chanspy, account.record) as setvar,
  case
    when account.qualify_seconds > 0 and site.rtcachefriends then 'yes'
    else 'no'
  end as qualify,
  account.qualify_seconds::text as qualifyfreq,
  case
    when account.transports <@ array['ws', 'wss'] then 'yes'
    else 'no'
  end as websocket,
  case
    when account.transports <@ array['ws', 'wss'] then 'fingerprint'
  end as dtlsverify,
  case
    when account.transports <@ array['ws', 'wss'] then 'actpass'
  end as dtlssetup,
  case
    when account.transports <@ array['ws', 'wss'] then 'yes'
  end as dtlsautogeneratecert,
  account.number as defaultuser,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.site as site on site.id = account.site_id
  join peerage.sip_secret as secret on secret.id = account.id
where not account.disabled;

comment on view peerage.sip_peer_mapping is 'The mapping behind peerage.sip_peer, computed from the accounts as they stand.';

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
comment on column peerage.sip_peer_mapping.defaultuser is 'Whom a call to it asks for while it is not registered: the number.';
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
comment on column peerage.sip_peer_mapping.number is 'Number of the account: the peers name.';
comment on column peerage.sip_peer_mapping.host is 'dynamic, or the fixed address; dynamic for type user, whatever the host.';
comment on column peerage.sip_peer_mapping.type is 'user, peer or friend.';
comment on column peerage.sip_peer_mapping.md5secret is 'MD5 of number:realm:secret.';
comment on column peerage.sip_peer_mapping.context is 'Dialplan context.';
comment on column peerage.sip_peer_mapping.transport is 'Transports in order; an unlisted one is refused.';
comment on column peerage.sip_peer_mapping.nat is 'In words that chan_sip knows: `never` and `route` would silently mean `no`.';
comment on column peerage.sip_peer_mapping.insecure is 'port for a fixed host, without which chan_sip does not find the peer by address; null otherwise.';
comment on column peerage.sip_peer_mapping.deny is 'Everything when the host is fixed; null otherwise.';
comment on column peerage.sip_peer_mapping.permit is 'The fixed host; null otherwise.';
comment on column peerage.sip_peer_mapping.allow is 'Codecs in order; with video also h264.';
comment on column peerage.sip_peer_mapping.videosupport is 'yes or no.';
comment on column peerage.sip_peer_mapping.encryption is 'yes or no.';
comment on column peerage.sip_peer_mapping.callerid is 'Caller id, quoted and coded; null for none.';
comment on column peerage.sip_peer_mapping.callgroup is 'Call groups; null for none.';
comment on column peerage.sip_peer_mapping.pickupgroup is 'Pickup groups; null for none.';
comment on column peerage.sip_peer_mapping.namedcallgroup is 'Named call groups; null for none.';
comment on column peerage.sip_peer_mapping.namedpickupgroup is 'Named pickup groups; null for none.';
comment on column peerage.sip_peer_mapping.setvar is 'Variables for the dialplan: a list, so its `;` is raw.';
comment on column peerage.sip_peer_mapping.qualify is 'yes or no; yes only where chan_sip keeps peers in memory.';
comment on column peerage.sip_peer_mapping.qualifyfreq is 'Seconds between OPTIONS requests.';
comment on column peerage.sip_peer_mapping.websocket is 'yes when only WebSocket transports are listed: AVPF, ICE, RTCP multiplexing and DTLS together.';
comment on column peerage.sip_peer_mapping.dtlsverify is 'fingerprint for a browser; null otherwise.';
comment on column peerage.sip_peer_mapping.dtlssetup is 'actpass for a browser; null otherwise.';
comment on column peerage.sip_peer_mapping.dtlsautogeneratecert is 'yes for a browser; null otherwise.';
comment on column peerage.sip_peer_mapping.site_id is 'Site of the account.';

create function peerage.registered_transport(fullcontact text, transports text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when fullcontact is not null and peerage.transport_of(fullcontact) = any (string_to_array(transports, ','))
      then array_to_string(
        peerage.transport_of(fullcontact) || array_remove(string_to_array(transports, ','), peerage.transport_of(fullcontact)),
        ','
      )
  end;

comment on function peerage.registered_transport(text, text) is 'Transports in order, with the one of a contact URI in front; null without a contact, or when its transport is not listed.';

create function peerage.refuse_peer(wrong text, written text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(
    'sip_peer',
    'sip_peer_' || wrong || '_check',
    wrong,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'fullcontact' then 'at most 1000 bytes, no control characters'
      when 'defaultuser' then 'at most 500 bytes, no control characters'
      when 'path' then 'at most 2000 bytes, no control characters'
      when 'ipaddr' then 'an IP address'
      else 'a port'
    end
  );
end
$$;

comment on function peerage.refuse_peer(text, text) is 'Refuses what chan_sip cannot have written in this column, in words that show no more of it than fits a line.';

create function peerage.sip_peer_written()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  whole text;
  wrong text;
  written text;
  by_node text;
begin
  -- As a rule a telephone says the same again.
  if (new.ipaddr, new.port, new.fullcontact, new.useragent, new.regserver, new.path, new.lastms)
    is distinct from (old.ipaddr, old.port, old.fullcontact, old.useragent, old.regserver, old.path, old.lastms)
  then
    whole := concat_ws('', new.fullcontact, new.path, new.useragent, new.regserver, new.lastms);
    if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole ~ '[\u0001-\u001f\u007f]' then
      new.fullcontact := peerage.received(new.fullcontact);
      new.path := peerage.received(new.path);
      -- These are only shown.
      new.useragent := peerage.only_shown(new.useragent);
      new.regserver := peerage.only_shown(new.regserver);
    end if;
    if new.lastms !~ '^(-?[0-9]{1,9})?$' then
      -- A number that cannot be is not worth a registration.
      new.lastms := '0';
    end if;
    wrong := case
      when octet_length(new.fullcontact) > 1000 or new.fullcontact ~ '[\u0001-\u001f\u007f]' then 'fullcontact'
      when new.path <> '' and (octet_length(new.path) > 2000 or new.path ~ '[\u0001-\u001f\u007f]') then 'path'
      when new.ipaddr <> '' and (new.ipaddr !~ '^[0-9A-Fa-f:.]{1,45}(%[0-9A-Za-z]{1,15})?$' or not peerage.is_address(regexp_replace(split_part(new.ipaddr, '%', 1), '^::ffff:', ''))) then 'ipaddr'
      when not peerage.is_port(new.port) then 'port'
    end;
    if wrong is not null then
      execute format('select ($1).%I', wrong)
      into written
      using new;
      perform peerage.refuse_peer(wrong, written);
    end if;
    new.contact_uri := peerage.from_bytes(peerage.unwire(new.fullcontact));
    new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.useragent)), '');
  end if;

  select
    case
      -- Who sets written_at has a right to the table, and speaks for the node that stands there.
      when new.written_at is distinct from old.written_at then old.node
      else coalesce(
        (
          select node.name
          from peerage.node as node
          where node.login = session_user::text
        ),
        session_user
      )
    end,
    -- More than chan_sip lets a registration last, unless maxexpiry of sip.conf says so. What is no number becomes what
    -- chan_sip gives a telephone that asks for nothing.
    case
      when new.regseconds ~ '^[0-9]{1,10}$' then least(new.regseconds::bigint, latest)::text
      when new.regseconds ~ '^[0-9]+$' then latest::text
      when new.regseconds <> '' then (latest - 604800 + 120)::text
    end
  into
    by_node,
    new.regseconds
  from extract(epoch from clock_timestamp()::timestamptz(0)) as second,
    lateral (select second::bigint + 604800 as latest) as bound;

  if coalesce(new.fullcontact, '') = '' and coalesce(new.regseconds, '0') = '0' then
    -- A node whose memory is out of date (the phone has since registered at another one) would clear a live
    -- registration.
    if old.expires_at > clock_timestamp() and old.node <> by_node then
      return old;
    end if;
    new.ipaddr := null;
    new.port := null;
    new.regseconds := null;
    new.defaultuser := new.number;
    new.fullcontact := null;
    new.regserver := null;
    new.useragent := null;
    new.path := null;
    new.registered_transport := null;
    new.registered_at := null;
    new.contact_uri := null;
    new.agent_name := null;
  elsif old.fullcontact is distinct from new.fullcontact then
    new.registered_transport := peerage.registered_transport(new.fullcontact, new.transport);
    if old.fullcontact is null then
      new.registered_at := clock_timestamp();
    end if;
  end if;
  select
    by_node,
    clock_timestamp(),
    case
      when new.regseconds <> '0' then to_timestamp(new.regseconds::double precision)
    end
  into
    new.node,
    new.written_at,
    new.expires_at;
  return new;
end
$$;

comment on function peerage.sip_peer_written() is 'Bounds and completes what chan_sip writes of a registration; a clear by another node than the one that registered is ignored while the registration lives.';

-- serve_new() writes defaultuser and none of these. chan_sip never writes that alone.
create trigger sip_peer_written
  before update of ipaddr, port, regseconds, fullcontact, regserver, useragent, lastms, path on peerage.sip_peer
  for each row
  execute function peerage.sip_peer_written();

create function peerage.sip_peer_defaultuser()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.defaultuser := peerage.received(new.defaultuser);
  if octet_length(new.defaultuser) > 500 or new.defaultuser ~ '[\u0001-\u001f\u007f]' then
    perform peerage.refuse_peer('defaultuser', new.defaultuser);
  end if;
  return new;
end
$$;

comment on function peerage.sip_peer_defaultuser() is 'Bounds whom a call to a peer asks for.';

create trigger sip_peer_defaultuser
  before update of defaultuser on peerage.sip_peer
  for each row
  when (new.defaultuser !~ '^[!-~]{0,255}$')
  execute function peerage.sip_peer_defaultuser();

create function peerage.node_renamed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_contact
  set node = new.name
  where node = old.name;
  update peerage.sip_peer
  set node = new.name
  where node = old.name;
  return null;
end
$$;

comment on function peerage.node_renamed() is 'What a node has registered is its own under its new name too. What it did in the past stays under the old one.';

create trigger node_renamed
  after update of name on peerage.node
  for each row
  when (old.name <> new.name)
  execute function peerage.node_renamed();

create function peerage.serve_new(added text[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $$
begin
  insert into peerage.pjsip_endpoint
  select mapping.*
  from peerage.pjsip_endpoint_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_auth
  select mapping.*
  from peerage.pjsip_auth_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_aor
  select mapping.*
  from peerage.pjsip_aor_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_identify
  select mapping.*
  from peerage.pjsip_identify_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.sip_peer as known
  select mapping.*
  from peerage.sip_peer_mapping as mapping
  where mapping.number = any (added)
  on conflict (number) do update
  set
    host = excluded.host,
    type = excluded.type,
    md5secret = excluded.md5secret,
    context = excluded.context,
    transport = excluded.transport,
    nat = excluded.nat,
    insecure = excluded.insecure,
    deny = excluded.deny,
    permit = excluded.permit,
    allow = excluded.allow,
    videosupport = excluded.videosupport,
    encryption = excluded.encryption,
    callerid = excluded.callerid,
    callgroup = excluded.callgroup,
    pickupgroup = excluded.pickupgroup,
    namedcallgroup = excluded.namedcallgroup,
    namedpickupgroup = excluded.namedpickupgroup,
    setvar = excluded.setvar,
    qualify = excluded.qualify,
    qualifyfreq = excluded.qualifyfreq,
    websocket = excluded.websocket,
    site_id = excluded.site_id,
    dtlsverify = excluded.dtlsverify,
    dtlssetup = excluded.dtlssetup,
    dtlsautogeneratecert = excluded.dtlsautogeneratecert,
    defaultuser = case
      when known.fullcontact is null then excluded.defaultuser
      else known.defaultuser
    end,
    registered_transport = peerage.registered_transport(known.fullcontact, excluded.transport);
end
$$;

comment on function peerage.serve_new(text[]) is 'Tells Asterisk of these numbers, of which it has been told nothing yet, a registered chan_sip peer excepted; those that are no accounts, or have no secret, are passed over.';

create function peerage.serve(changed text[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $$
begin
  delete from peerage.pjsip_endpoint as served
  where served.number = any (changed);

  delete from peerage.pjsip_auth as served
  where served.number = any (changed);

  delete from peerage.pjsip_aor as served
  where served.number = any (changed);

  delete from peerage.pjsip_identify as served
  where served.number = any (changed);

  -- A peer that stays keeps its registration, unless its host is another one now.
  delete from peerage.sip_peer as served
  where served.number = any (changed)
    and not exists (
      select
      from peerage.sip_peer_mapping as mapping
      where mapping.number = served.number
        and mapping.host = served.host
    );

  perform peerage.serve_new(changed);
end
$$;

comment on function peerage.serve(text[]) is 'Makes what Asterisk is told of these numbers what the accounts say now; numbers that are no accounts are told of no more.';

create function peerage.serve_all()
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    union
    select served.number
    from peerage.pjsip_endpoint as served
    union
    select served.number
    from peerage.pjsip_auth as served
    union
    select served.number
    from peerage.pjsip_aor as served
    union
    select served.number
    from peerage.pjsip_identify as served
    union
    select served.number
    from peerage.sip_peer as served
  ));
end
$$;

comment on function peerage.serve_all() is 'Serves every account anew: for a migration that changed a mapping.';

create function peerage.serve_changed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    -- Without a secret there is nothing to serve, and most accounts get theirs later. Asked row by row, because a join
    -- would read all secrets for each batch of a long import; and planned each time, because a plan made while the tables
    -- were empty would be kept, and read them whole for each row.
    execute '
      select array(
        select changed.number
        from new_rows as changed
        where (select true from peerage.sip_secret as secret where secret.id = changed.id)
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(select changed.number from old_rows as changed));
  else
    perform peerage.serve(array(
      select changed.number
      from old_rows as changed
      union
      select changed.number
      from new_rows as changed
    ));
  end if;
  return null;
end
$$;

comment on function peerage.serve_changed() is 'Serves the accounts that a statement changed.';

-- By the account and not by the secret's own number, because the two may differ until the transaction ends.
create function peerage.serve_secrets()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    execute '
      select array(
        select (select account.number from peerage.sip_account as account where account.id = changed.id)
        from new_rows as changed
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from old_rows as changed
    ));
  else
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from (
        select old_row.id
        from old_rows as old_row
        union
        select new_row.id
        from new_rows as new_row
      ) as changed
    ));
  end if;
  return null;
end
$$;

comment on function peerage.serve_secrets() is 'Serves the accounts whose secrets a statement changed.';

create function peerage.serve_site()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    where account.site_id = new.id
  ));
  return null;
end
$$;

comment on function peerage.serve_site() is 'Serves the accounts of a site that changed what its nodes are told.';

create trigger site_served
  after update of offer_sha256, rtcachefriends on peerage.site
  for each row
  when (old.offer_sha256 is distinct from new.offer_sha256 or old.rtcachefriends is distinct from new.rtcachefriends)
  execute function peerage.serve_site();

create trigger sip_account_served_insert
  after insert on peerage.sip_account
  referencing new table as new_rows
  for each statement
  execute function peerage.serve_changed();

create trigger sip_account_served_update
  after update on peerage.sip_account
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.serve_changed();

create trigger sip_account_served_delete
  after delete on peerage.sip_account
  referencing old table as old_rows
  for each statement
  execute function peerage.serve_changed();

create trigger sip_secret_served_insert
  after insert on peerage.sip_secret
  referencing new table as new_rows
  for each statement
  execute function peerage.serve_secrets();

create trigger sip_secret_served_update
  after update on peerage.sip_secret
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.serve_secrets();

create trigger sip_secret_served_delete
  after delete on peerage.sip_secret
  referencing old table as old_rows
  for each statement
  execute function peerage.serve_secrets();

create function peerage.sip_peer_renumbered()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_peer
  where number in (old.number, new.number);
  return null;
end
$$;

comment on function peerage.sip_peer_renumbered() is 'Drops what was registered under the old number; the account is served anew after it.';

create trigger sip_peer_renumbered
  after update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_peer_renumbered();
