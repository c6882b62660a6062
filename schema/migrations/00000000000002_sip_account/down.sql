drop table peerage.sip_secret;
drop table peerage.sip_account;
