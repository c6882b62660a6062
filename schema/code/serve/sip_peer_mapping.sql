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
comment on column peerage.sip_peer_mapping.defaultuser is 'Whom a call to it asks for while it is not registered: the number.';
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
