drop table peerage.login_account;
drop table peerage.phone;
drop table peerage.agent_channel;
drop table peerage.agent;
