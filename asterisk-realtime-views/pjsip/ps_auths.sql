-- object:   ps_auths
-- module:   res_pjsip, sorcery type auth (res_pjsip/config_auth.c)
-- read:     by id for each challenge and each request that answers one
-- write:    never
-- asterisk: 16 to 23
-- site:     auth.site_id

create view asterisk.ps_auths as
select
  auth.number as id,
  'md5'::text as auth_type,
  auth.number as username,
  auth.md5_cred as md5_cred,
  auth.realm as realm,
  auth.password_digest as password_digest,
  coalesce(auth.supported_algorithms_uas, 'MD5') as supported_algorithms_uas
from peerage.pjsip_auth as auth;

comment on view asterisk.ps_auths is 'PJSIP authentication: digests only.';
comment on column asterisk.ps_auths.id is 'Number of the account.';
comment on column asterisk.ps_auths.auth_type is 'Always md5: Asterisk 16 knows no `digest`, and later ones read password_digest all the same.';
comment on column asterisk.ps_auths.username is 'Number of the account.';
comment on column asterisk.ps_auths.md5_cred is 'MD5 of number:realm:secret.';
comment on column asterisk.ps_auths.realm is 'Realm the digests were made for.';
comment on column asterisk.ps_auths.password_digest is 'SHA-256 digest where the site offers it; null otherwise.';
comment on column asterisk.ps_auths.supported_algorithms_uas is 'SHA-256,MD5 where the site offers it, MD5 otherwise, whatever the node offers to accounts that it does not know: an algorithm without its digest loses the auth.';
