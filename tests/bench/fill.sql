-- The same accounts on both sides: the flat tables are filled from the views, so that Asterisk is told the same.
-- :accounts is replaced by the number of accounts.
with account as (
  insert into peerage.sip_account (
    site_id,
    number,
    kind,
    callerid_name,
    callerid_number,
    call_groups
  )
  select
    1,
    (100000 + item)::text,
    'agent',
    'Agent ' || item,
    (100000 + item)::text,
    '{1}'
  from generate_series(0, :accounts - 1) as item
  returning
    id,
    number
)
insert into peerage.agent (account_id, number, full_name)
select
  id,
  number,
  'Agent ' || number
from account;

insert into peerage.sip_secret (id, number, realm, md5, sha256)
select
  id,
  number,
  'asterisk',
  md5(number),
  md5(number) || md5(number)
from peerage.sip_account;

insert into peerage.sip_contact (
  id,
  uri,
  expiration_time,
  qualify_frequency,
  user_agent,
  qualify_timeout,
  reg_server,
  authenticate_qualify,
  via_addr,
  via_port,
  call_id,
  endpoint,
  prune_on_boot,
  qualify_2xx_only,
  account_id
)
select
  number || '^3B@' || repeat('0', 32),
  'sip:' || number || '@127.0.0.1:5060',
  2000000000,
  '60',
  'bench',
  '3.000000',
  'pbx1',
  'no',
  '127.0.0.1',
  '5060',
  md5(number),
  number,
  'no',
  'false',
  id
from peerage.sip_account;

update peerage.sip_peer
set
  ipaddr = '127.0.0.1',
  port = '5060',
  regseconds = '1900000000',
  defaultuser = number,
  fullcontact = 'sip:' || number || '@127.0.0.1:5060',
  useragent = 'bench',
  lastms = '0';

insert into flat.ps_endpoints (
  id,
  transport,
  aors,
  auth,
  context,
  subscribe_context,
  disallow,
  allow,
  identify_by,
  force_rport,
  rewrite_contact,
  rtp_symmetric,
  webrtc,
  media_encryption,
  callerid,
  call_group,
  set_var,
  direct_media
)
select
  id,
  transport,
  aors,
  auth,
  context,
  subscribe_context,
  disallow,
  allow,
  identify_by,
  force_rport::flat.ast_bool_values,
  rewrite_contact::flat.ast_bool_values,
  rtp_symmetric::flat.ast_bool_values,
  webrtc::flat.ast_bool_values,
  media_encryption::flat.pjsip_media_encryption_values,
  callerid,
  call_group,
  set_var,
  direct_media::flat.ast_bool_values
from asterisk.ps_endpoints;

insert into flat.ps_auths (id, auth_type, username, md5_cred, realm)
select
  id,
  'md5',
  username,
  md5_cred,
  realm
from asterisk.ps_auths;

insert into flat.ps_aors (id, max_contacts, remove_existing, qualify_frequency)
select
  id,
  max_contacts::integer,
  remove_existing::flat.ast_bool_values,
  qualify_frequency::integer
from asterisk.ps_aors;

insert into flat.ps_contacts (
  id,
  uri,
  expiration_time,
  qualify_frequency,
  user_agent,
  qualify_timeout,
  reg_server,
  authenticate_qualify,
  via_addr,
  via_port,
  call_id,
  endpoint,
  prune_on_boot,
  qualify_2xx_only
)
select
  id,
  uri,
  expiration_time,
  qualify_frequency::integer,
  user_agent,
  qualify_timeout::double precision,
  reg_server,
  authenticate_qualify::flat.ast_bool_values,
  via_addr,
  via_port::integer,
  call_id,
  endpoint,
  prune_on_boot::flat.ast_bool_values,
  qualify_2xx_only::flat.ast_bool_values
from asterisk.ps_contacts;

insert into flat.sippeers (
  id,
  name,
  host,
  type,
  defaultuser,
  md5secret,
  context,
  transport,
  nat,
  disallow,
  allow,
  videosupport,
  callerid,
  callgroup,
  setvar,
  qualify,
  qualifyfreq,
  ipaddr,
  port,
  regseconds,
  fullcontact,
  useragent,
  lastms
)
select
  name::integer,
  name,
  host,
  type::flat.type_values,
  defaultuser,
  md5secret,
  context,
  transport::flat.sip_transport_values,
  nat,
  disallow,
  allow,
  videosupport::flat.yes_no_values,
  callerid,
  callgroup,
  setvar,
  qualify,
  qualifyfreq::integer,
  '127.0.0.1',
  5060,
  1900000000,
  'sip:' || name || '@127.0.0.1:5060',
  'bench',
  0
from asterisk.sippeers;
