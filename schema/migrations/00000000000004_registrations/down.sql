drop trigger sip_account_renumbered on peerage.sip_account;
drop function peerage.sip_account_renumbered();
drop trigger sip_account_registrations on peerage.sip_account;
drop function peerage.sip_account_registrations();
drop table peerage.sip_registration;
drop table peerage.sip_contact;
