-- Asterisk's own flat tables, as its migrations leave them on PostgreSQL: columns and types of Asterisk 22.10.1
-- (contrib/ast-db-manage, at its head), indexes as those migrations make them. To measure against, nothing else.
create schema flat;

set search_path = flat;

create type ast_bool_values as enum ('0', '1', 'off', 'on', 'false', 'true', 'no', 'yes');

create type pjsip_100rel_values_v2 as enum ('no', 'required', 'peer_supported', 'yes');

create type pjsip_auth_type_values_v2 as enum ('md5', 'userpass', 'google_oauth');

create type pjsip_cid_privacy_values as enum ('allowed_not_screened', 'allowed_passed_screened', 'allowed_failed_screened', 'allowed', 'prohib_not_screened', 'prohib_passed_screened', 'prohib_failed_screened', 'prohib', 'unavailable');

create type pjsip_connected_line_method_values as enum ('invite', 'reinvite', 'update');

create type pjsip_direct_media_glare_mitigation_values as enum ('none', 'outgoing', 'incoming');

create type pjsip_dtls_setup_values as enum ('active', 'passive', 'actpass');

create type pjsip_dtmf_mode_values_v3 as enum ('rfc4733', 'inband', 'info', 'auto', 'auto_info');

create type pjsip_incoming_call_offer_pref_values as enum ('local', 'local_first', 'remote', 'remote_first');

create type pjsip_media_encryption_values as enum ('no', 'sdes', 'dtls');

create type pjsip_outgoing_call_offer_pref_values as enum ('local', 'local_merge', 'local_first', 'remote', 'remote_merge', 'remote_first');

create type pjsip_redirect_method_values as enum ('user', 'uri_core', 'uri_pjsip');

create type pjsip_t38udptl_ec_values as enum ('none', 'fec', 'redundancy');

create type pjsip_timer_values as enum ('forced', 'no', 'required', 'yes');

create type security_negotiation_values as enum ('no', 'mediasec');

create type sha_hash_values as enum ('SHA-1', 'SHA-256');

create type sip_callingpres_values as enum ('allowed_not_screened', 'allowed_passed_screen', 'allowed_failed_screen', 'allowed', 'prohib_not_screened', 'prohib_passed_screen', 'prohib_failed_screen', 'prohib');

create type sip_directmedia_values_v2 as enum ('yes', 'no', 'nonat', 'update', 'outgoing');

create type sip_dtmfmode_values as enum ('rfc2833', 'info', 'shortinfo', 'inband', 'auto');

create type sip_progressinband_values as enum ('yes', 'no', 'never');

create type sip_session_refresher_values as enum ('uac', 'uas');

create type sip_session_timers_values as enum ('accept', 'refuse', 'originate');

create type sip_transport_values as enum ('udp', 'tcp', 'tls', 'ws', 'wss', 'udp,tcp', 'tcp,udp');

create type type_values as enum ('friend', 'user', 'peer');

create type yes_no_values as enum ('yes', 'no');

create table ps_endpoints (
  id character varying(255),
  transport character varying(40),
  aors character varying(2048),
  auth character varying(255),
  context character varying(40),
  disallow character varying(200),
  allow character varying(200),
  direct_media ast_bool_values,
  connected_line_method pjsip_connected_line_method_values,
  direct_media_method pjsip_connected_line_method_values,
  direct_media_glare_mitigation pjsip_direct_media_glare_mitigation_values,
  disable_direct_media_on_nat ast_bool_values,
  dtmf_mode pjsip_dtmf_mode_values_v3,
  external_media_address character varying(40),
  force_rport ast_bool_values,
  ice_support ast_bool_values,
  identify_by character varying(80),
  mailboxes character varying(40),
  moh_suggest character varying(40),
  outbound_auth character varying(255),
  outbound_proxy character varying(255),
  rewrite_contact ast_bool_values,
  rtp_ipv6 ast_bool_values,
  rtp_symmetric ast_bool_values,
  send_diversion ast_bool_values,
  send_pai ast_bool_values,
  send_rpid ast_bool_values,
  timers_min_se integer,
  timers pjsip_timer_values,
  timers_sess_expires integer,
  callerid character varying(40),
  callerid_privacy pjsip_cid_privacy_values,
  callerid_tag character varying(40),
  "100rel" pjsip_100rel_values_v2,
  aggregate_mwi ast_bool_values,
  trust_id_inbound ast_bool_values,
  trust_id_outbound ast_bool_values,
  use_ptime ast_bool_values,
  use_avpf ast_bool_values,
  media_encryption pjsip_media_encryption_values,
  inband_progress ast_bool_values,
  call_group character varying(40),
  pickup_group character varying(40),
  named_call_group character varying(40),
  named_pickup_group character varying(40),
  device_state_busy_at integer,
  fax_detect ast_bool_values,
  t38_udptl ast_bool_values,
  t38_udptl_ec pjsip_t38udptl_ec_values,
  t38_udptl_maxdatagram integer,
  t38_udptl_nat ast_bool_values,
  t38_udptl_ipv6 ast_bool_values,
  tone_zone character varying(40),
  language character varying(40),
  one_touch_recording ast_bool_values,
  record_on_feature character varying(40),
  record_off_feature character varying(40),
  rtp_engine character varying(40),
  allow_transfer ast_bool_values,
  allow_subscribe ast_bool_values,
  sdp_owner character varying(40),
  sdp_session character varying(40),
  tos_audio character varying(10),
  tos_video character varying(10),
  sub_min_expiry integer,
  from_domain character varying(40),
  from_user character varying(40),
  mwi_from_user character varying(40),
  dtls_verify character varying(40),
  dtls_rekey character varying(40),
  dtls_cert_file character varying(200),
  dtls_private_key character varying(200),
  dtls_cipher character varying(200),
  dtls_ca_file character varying(200),
  dtls_ca_path character varying(200),
  dtls_setup pjsip_dtls_setup_values,
  srtp_tag_32 ast_bool_values,
  media_address character varying(40),
  redirect_method pjsip_redirect_method_values,
  set_var text,
  cos_audio integer,
  cos_video integer,
  message_context character varying(40),
  force_avp ast_bool_values,
  media_use_received_transport ast_bool_values,
  accountcode character varying(80),
  user_eq_phone ast_bool_values,
  moh_passthrough ast_bool_values,
  media_encryption_optimistic ast_bool_values,
  rpid_immediate ast_bool_values,
  g726_non_standard ast_bool_values,
  rtp_keepalive integer,
  rtp_timeout integer,
  rtp_timeout_hold integer,
  bind_rtp_to_media_address ast_bool_values,
  voicemail_extension character varying(40),
  mwi_subscribe_replaces_unsolicited ast_bool_values,
  deny character varying(95),
  permit character varying(95),
  acl character varying(40),
  contact_deny character varying(95),
  contact_permit character varying(95),
  contact_acl character varying(40),
  subscribe_context character varying(40),
  fax_detect_timeout integer,
  contact_user character varying(80),
  preferred_codec_only ast_bool_values,
  asymmetric_rtp_codec ast_bool_values,
  rtcp_mux ast_bool_values,
  allow_overlap ast_bool_values,
  refer_blind_progress ast_bool_values,
  notify_early_inuse_ringing ast_bool_values,
  max_audio_streams integer,
  max_video_streams integer,
  webrtc ast_bool_values,
  dtls_fingerprint sha_hash_values,
  incoming_mwi_mailbox character varying(40),
  bundle ast_bool_values,
  dtls_auto_generate_cert ast_bool_values,
  follow_early_media_fork ast_bool_values,
  accept_multiple_sdp_answers ast_bool_values,
  suppress_q850_reason_headers ast_bool_values,
  trust_connected_line ast_bool_values,
  send_connected_line ast_bool_values,
  ignore_183_without_sdp ast_bool_values,
  codec_prefs_incoming_offer character varying(128),
  codec_prefs_outgoing_offer character varying(128),
  codec_prefs_incoming_answer character varying(128),
  codec_prefs_outgoing_answer character varying(128),
  stir_shaken ast_bool_values,
  send_history_info ast_bool_values,
  allow_unauthenticated_options ast_bool_values,
  t38_bind_udptl_to_media_address ast_bool_values,
  geoloc_incoming_call_profile character varying(80),
  geoloc_outgoing_call_profile character varying(80),
  incoming_call_offer_pref pjsip_incoming_call_offer_pref_values,
  outgoing_call_offer_pref pjsip_outgoing_call_offer_pref_values,
  stir_shaken_profile character varying(80),
  security_negotiation security_negotiation_values,
  security_mechanisms character varying(512),
  send_aoc ast_bool_values,
  overlap_context character varying(80),
  tenantid character varying(80),
  suppress_moh_on_sendonly ast_bool_values,
  follow_redirect_methods character varying(95),
  rtp_port_start integer,
  rtp_port_end integer
);

create table ps_auths (
  id character varying(255),
  auth_type pjsip_auth_type_values_v2,
  nonce_lifetime integer,
  md5_cred character varying(40),
  password character varying(80),
  realm character varying(255),
  username character varying(40),
  refresh_token character varying(255),
  oauth_clientid character varying(255),
  oauth_secret character varying(255),
  password_digest character varying(1024),
  supported_algorithms_uas character varying(1024),
  supported_algorithms_uac character varying(1024)
);

create table ps_aors (
  id character varying(255),
  contact character varying(255),
  default_expiration integer,
  mailboxes character varying(80),
  max_contacts integer,
  minimum_expiration integer,
  remove_existing ast_bool_values,
  qualify_frequency integer,
  authenticate_qualify ast_bool_values,
  maximum_expiration integer,
  outbound_proxy character varying(255),
  support_path ast_bool_values,
  qualify_timeout double precision,
  voicemail_extension character varying(40),
  remove_unavailable ast_bool_values,
  qualify_2xx_only ast_bool_values
);

create table ps_contacts (
  id character varying(255),
  uri character varying(511),
  expiration_time bigint,
  qualify_frequency integer,
  outbound_proxy character varying(255),
  path text,
  user_agent character varying(255),
  qualify_timeout double precision,
  reg_server character varying(255),
  authenticate_qualify ast_bool_values,
  via_addr character varying(40),
  via_port integer,
  call_id character varying(255),
  endpoint character varying(255),
  prune_on_boot ast_bool_values,
  qualify_2xx_only ast_bool_values
);

create table sippeers (
  id integer,
  name character varying(40),
  ipaddr character varying(45),
  port integer,
  regseconds integer,
  defaultuser character varying(40),
  fullcontact character varying(80),
  regserver character varying(20),
  useragent character varying(255),
  lastms integer,
  host character varying(40),
  type type_values,
  context character varying(40),
  permit character varying(95),
  deny character varying(95),
  secret character varying(40),
  md5secret character varying(40),
  remotesecret character varying(40),
  transport sip_transport_values,
  dtmfmode sip_dtmfmode_values,
  directmedia sip_directmedia_values_v2,
  nat character varying(29),
  callgroup character varying(40),
  pickupgroup character varying(40),
  language character varying(40),
  disallow character varying(200),
  allow character varying(200),
  insecure character varying(40),
  trustrpid yes_no_values,
  progressinband sip_progressinband_values,
  promiscredir yes_no_values,
  useclientcode yes_no_values,
  accountcode character varying(80),
  setvar character varying(200),
  callerid character varying(40),
  amaflags character varying(40),
  callcounter yes_no_values,
  busylevel integer,
  allowoverlap yes_no_values,
  allowsubscribe yes_no_values,
  videosupport yes_no_values,
  maxcallbitrate integer,
  rfc2833compensate yes_no_values,
  mailbox character varying(40),
  "session-timers" sip_session_timers_values,
  "session-expires" integer,
  "session-minse" integer,
  "session-refresher" sip_session_refresher_values,
  t38pt_usertpsource character varying(40),
  regexten character varying(40),
  fromdomain character varying(40),
  fromuser character varying(40),
  qualify character varying(40),
  defaultip character varying(45),
  rtptimeout integer,
  rtpholdtimeout integer,
  sendrpid yes_no_values,
  outboundproxy character varying(40),
  callbackextension character varying(40),
  timert1 integer,
  timerb integer,
  qualifyfreq integer,
  constantssrc yes_no_values,
  contactpermit character varying(95),
  contactdeny character varying(95),
  usereqphone yes_no_values,
  textsupport yes_no_values,
  faxdetect yes_no_values,
  buggymwi yes_no_values,
  auth character varying(40),
  fullname character varying(40),
  trunkname character varying(40),
  cid_number character varying(40),
  callingpres sip_callingpres_values,
  mohinterpret character varying(40),
  mohsuggest character varying(40),
  parkinglot character varying(40),
  hasvoicemail yes_no_values,
  subscribemwi yes_no_values,
  vmexten character varying(40),
  autoframing yes_no_values,
  rtpkeepalive integer,
  "call-limit" integer,
  g726nonstandard yes_no_values,
  ignoresdpversion yes_no_values,
  allowtransfer yes_no_values,
  dynamic yes_no_values,
  path character varying(256),
  supportpath yes_no_values
);

create table queue_members (
  queue_name varchar(80) not null,
  interface varchar(80) not null,
  membername varchar(80),
  state_interface varchar(80),
  penalty integer,
  paused integer,
  uniqueid serial not null unique,
  wrapuptime integer,
  ringinuse ast_bool_values,
  reason_paused varchar(80),
  primary key (queue_name, interface)
);

create unique index ps_endpoints_id on ps_endpoints (id);
create unique index ps_auths_id on ps_auths (id);
create unique index ps_aors_id on ps_aors (id);
create index ps_aors_qualifyfreq_contact on ps_aors (qualify_frequency, contact);
create unique index ps_contacts_id on ps_contacts (id);
create index ps_contacts_qualifyfreq_exptime on ps_contacts (qualify_frequency, expiration_time);
create unique index sippeers_name on sippeers (name);
create index sippeers_name_host on sippeers (name, host);
create index sippeers_ipaddr_port on sippeers (ipaddr, port);
create index sippeers_host_port on sippeers (host, port);
