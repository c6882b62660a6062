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
comment on column peerage.pjsip_auth_mapping.number is 'Number of the account: the auths id.';
comment on column peerage.pjsip_auth_mapping.md5_cred is 'MD5 of number:realm:secret.';
comment on column peerage.pjsip_auth_mapping.realm is 'Realm the digests were made for.';
comment on column peerage.pjsip_auth_mapping.password_digest is 'SHA-256 digest where the site offers it; null otherwise.';
comment on column peerage.pjsip_auth_mapping.supported_algorithms_uas is 'Algorithms in order where the site offers SHA-256; null otherwise: one listed without its digest loses the auth.';
comment on column peerage.pjsip_auth_mapping.site_id is 'Site of the account.';
