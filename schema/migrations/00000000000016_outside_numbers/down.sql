drop trigger sip_account_ends_refused_sessions on peerage.sip_account;
drop trigger site_ends_refused_sessions on peerage.site;
drop trigger agent_session_outside_number on peerage.agent_session;
drop trigger agent_outside_numbers on peerage.agent;
drop view peerage.refused_number;
drop function peerage.end_refused_sessions();
drop function peerage.agent_session_outside_number();
drop function peerage.outside_number_of(text);
drop function peerage.agent_outside_numbers();
drop function peerage.refuse_number(bigint, text, text, text);
drop function peerage.number_allowed(bigint, text);
drop function peerage.outside_number_allowed(bigint, text);
drop function peerage.number_pattern(text);

alter table peerage.site drop constraint site_country_fk;

drop index peerage.site_country_idx;
drop table peerage.country;
