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
