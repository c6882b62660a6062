-- object:   ps_endpoints
-- module:   res_pjsip, sorcery type endpoint (res_sorcery_realtime.c; res_pjsip/pjsip_configuration.c)
-- read:     by id for each request, call and change of device state; whole at start and reload
-- write:    never
-- asterisk: 16 to 23
-- site:     endpoint.site_id

-- The caller id: for a node the bytes of its UTF-8, which are the same for ASCII.
create view asterisk.ps_endpoints as
select
  endpoint.number as id,
  endpoint.transport as transport,
  endpoint.aors as aors,
  endpoint.number as auth,
  endpoint.context as context,
  endpoint.context as subscribe_context,
  'all'::text as disallow,
  endpoint.allow as allow,
  endpoint.identify_by as identify_by,
  endpoint.force_rport as force_rport,
  endpoint.rewrite_contact as rewrite_contact,
  endpoint.rtp_symmetric as rtp_symmetric,
  endpoint.webrtc as webrtc,
  endpoint.media_encryption as media_encryption,
  case
    when octet_length(endpoint.callerid) = char_length(endpoint.callerid) then endpoint.callerid
    else peerage.sent(endpoint.callerid)
  end as callerid,
  endpoint.call_group as call_group,
  endpoint.pickup_group as pickup_group,
  endpoint.named_call_group as named_call_group,
  endpoint.named_pickup_group as named_pickup_group,
  endpoint.set_var as set_var,
  endpoint.deny as deny,
  endpoint.permit as permit,
  'no'::text as direct_media,
  null::text as mailboxes
from peerage.pjsip_endpoint as endpoint;

comment on view asterisk.ps_endpoints is 'PJSIP endpoints: one for each account that has a secret and is not disabled.';
comment on column asterisk.ps_endpoints.id is 'Number of the account.';
comment on column asterisk.ps_endpoints.transport is 'transport-<x> when the account lists one transport; null: follow the contact.';
comment on column asterisk.ps_endpoints.aors is 'Its AOR; null for type user.';
comment on column asterisk.ps_endpoints.auth is 'Its auth.';
comment on column asterisk.ps_endpoints.context is 'Dialplan context.';
comment on column asterisk.ps_endpoints.subscribe_context is 'Dialplan context of its subscriptions.';
comment on column asterisk.ps_endpoints.disallow is 'Ignored by PJSIP (main/sorcery.c drops aliases); stands here for people.';
comment on column asterisk.ps_endpoints.allow is 'Codecs in order; complete as it is.';
comment on column asterisk.ps_endpoints.identify_by is 'How a request is matched: by From user, by address, or either.';
comment on column asterisk.ps_endpoints.force_rport is 'yes or no (RFC 3581).';
comment on column asterisk.ps_endpoints.rewrite_contact is 'yes or no: answer to where the REGISTER came from.';
comment on column asterisk.ps_endpoints.rtp_symmetric is 'yes or no: send media to where media comes from.';
comment on column asterisk.ps_endpoints.webrtc is 'yes for a browser: AVPF, ICE, bundle and DTLS together.';
comment on column asterisk.ps_endpoints.media_encryption is 'no, sdes or dtls; never optimistic.';
comment on column asterisk.ps_endpoints.callerid is 'Caller id; null for none.';
comment on column asterisk.ps_endpoints.call_group is 'Call groups; null for none.';
comment on column asterisk.ps_endpoints.pickup_group is 'Pickup groups; null for none.';
comment on column asterisk.ps_endpoints.named_call_group is 'Named call groups; null for none.';
comment on column asterisk.ps_endpoints.named_pickup_group is 'Named pickup groups; null for none.';
comment on column asterisk.ps_endpoints.set_var is 'PEERAGE_CHANSPY and PEERAGE_RECORD for the dialplan; a list, so its `;` is raw.';
comment on column asterisk.ps_endpoints.deny is 'Everything when the host is fixed; null otherwise.';
comment on column asterisk.ps_endpoints.permit is 'The fixed host; null otherwise.';
comment on column asterisk.ps_endpoints.direct_media is 'Always no, as sip.conf says for chan_sip: media between phones behind different NATs would be silence.';
comment on column asterisk.ps_endpoints.mailboxes is 'Null: none yet. It is looked up at load (mailboxes != ''''), so it must exist.';
