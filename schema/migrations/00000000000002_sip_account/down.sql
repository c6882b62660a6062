drop table peerage.sip_secret;
drop function peerage.sip_secret_before();
drop table peerage.sip_account;
