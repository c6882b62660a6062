-- object:   pauses
-- for:      every pause with its length
-- grain:    one row for each pause, of all queues or of one

create view report.pauses as
select
  session.agent_number as agent,
  agent.full_name as full_name,
  pause.queue_name as queue,
  pause.reason as reason,
  reason.label as label,
  reason.productive as productive,
  pause.paused_since as paused_since,
  pause.began_at as began_at,
  pause.ended_at as ended_at,
  coalesce(pause.ended_at, greatest(now(), pause.began_at)) - pause.began_at as duration,
  pause.actor as paused_by,
  pause.ended_by as ended_by,
  pause.forced as forced,
  pause.session_id as session
from peerage.agent_pause as pause
  join peerage.agent_session as session on session.id = pause.session_id
  join peerage.agent as agent on agent.id = session.agent_id
  left join peerage.pause_reason as reason on reason.id = pause.reason_id;

comment on view report.pauses is 'Pauses.';
comment on column report.pauses.agent is 'Number of the agent then.';
comment on column report.pauses.full_name is 'Name.';
comment on column report.pauses.queue is 'The one queue, as it was called; null for all.';
comment on column report.pauses.reason is 'Reason as written; null when none was given.';
comment on column report.pauses.label is 'Its label; null when it is none of the listed ones.';
comment on column report.pauses.productive is 'Whether it counts as work; null when unknown.';
comment on column report.pauses.paused_since is 'When the agent paused, also where a pause of all queues became pauses of single ones.';
comment on column report.pauses.began_at is 'From when this row counts.';
comment on column report.pauses.ended_at is 'Until when; null while it lasts.';
comment on column report.pauses.duration is 'How long, until now while it lasts.';
comment on column report.pauses.paused_by is 'Who paused.';
comment on column report.pauses.ended_by is 'Who ended it; null while it lasts.';
comment on column report.pauses.forced is 'Whether somebody else than the agent did.';
comment on column report.pauses.session is 'The session.';
