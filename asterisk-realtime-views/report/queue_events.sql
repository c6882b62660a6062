-- object:   queue_events
-- for:      what happened in the queues: who waited, who answered, who paused
-- grain:    one row for each line of app_queue's log, and for each login and logout, of all nodes

create view report.queue_events as
select
  log.id as id,
  log.time as time,
  log.callid as callid,
  log.queuename as queue,
  coalesce(log.agent_number, log.agent) as agent,
  coalesce('Agent/' || log.agent_number, log.agent) as agent_code,
  log.agent as agent_name,
  log.agent_id as agent_id,
  log.event as event,
  log.data1 as data1,
  log.data2 as data2,
  log.data3 as data3,
  log.data4 as data4,
  log.data5 as data5,
  nullif(log.node, '') as node
from peerage.queue_log as log;

comment on view report.queue_events is 'The log of the queues, of all nodes together. Join on agent_id: numbers are used again, people are renamed, and two may have one name.';
comment on column report.queue_events.id is 'Order of arrival.';
comment on column report.queue_events.time is 'When it happened.';
comment on column report.queue_events.callid is 'Unique id of the call, or NONE, REALTIME, MANAGER.';
comment on column report.queue_events.queue is 'The queue, or NONE.';
comment on column report.queue_events.agent is 'Number of the agent at that time; NONE where there is none, the member''s name where it is no agent of Peerage.';
comment on column report.queue_events.agent_code is 'The same as Agent/NUMBER, which tools for chan_agent expect.';
comment on column report.queue_events.agent_name is 'Name of the member at that time, as Asterisk shows it.';
comment on column report.queue_events.agent_id is 'The agent, for good; null where there is none.';
comment on column report.queue_events.event is 'What happened, in app_queue''s words.';
comment on column report.queue_events.data1 is 'First parameter of the event.';
comment on column report.queue_events.data2 is 'Second parameter of the event.';
comment on column report.queue_events.data3 is 'Third parameter of the event.';
comment on column report.queue_events.data4 is 'Fourth parameter of the event.';
comment on column report.queue_events.data5 is 'Fifth parameter of the event.';
comment on column report.queue_events.node is 'The node that wrote it; null for what Peerage writes: logins, logouts, and members that come, go, pause and resume.';
