drop trigger sip_account_moved on peerage.sip_account;
drop function peerage.sip_account_moved();
drop trigger queue_login_site on peerage.queue_login;
drop function peerage.queue_login_site();
drop table peerage.node_site;
