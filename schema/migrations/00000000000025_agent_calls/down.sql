drop function peerage.see_calls(text, text, bigint, text[], text[], timestamptz[], timestamptz[], boolean);
drop view peerage.call_now;
drop table peerage.agent_call;
