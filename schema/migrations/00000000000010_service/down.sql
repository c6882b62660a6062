drop table peerage.service_beat;
drop table peerage.agent_presence;
drop table peerage.client_log;
drop table peerage.api_token;
drop table peerage.console_session;
drop table peerage.supervisor_queue;
