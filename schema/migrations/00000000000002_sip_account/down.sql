drop table peerage.sip_secret;
drop function peerage.refuse_null();
drop table peerage.sip_account;
