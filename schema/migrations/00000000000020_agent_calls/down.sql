drop table peerage.agent_call;
