drop table peerage.queue_log;
drop table peerage.agent_state;
drop table peerage.agent_request;
drop table peerage.agent_pause;
drop table peerage.queue_rest;
drop table peerage.queue_login;
drop table peerage.agent_place;
drop table peerage.agent_session;
