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
comment on column peerage.pjsip_identify_mapping.number is 'Number of the account: the identifys id, and its endpoint.';
comment on column peerage.pjsip_identify_mapping.match is 'The address; never a name, which Asterisk would look up on each request.';
comment on column peerage.pjsip_identify_mapping.site_id is 'Site of the account.';
