-- object:   queue_membership
-- for:      who is in which queue, assigned and logged in
-- grain:    one row for each assignment

create view report.queue_membership as
select
  queue.name as queue,
  agent.number as agent,
  agent.full_name as full_name,
  assignment.penalty as assigned_penalty,
  login.uniqueid is not null as logged_in,
  login.interface as interface,
  login.penalty::integer as penalty,
  login.paused = '1' as paused,
  login.reason_paused as reason,
  login.began_at as since
from peerage.queue_assignment as assignment
  join peerage.queue as queue on queue.id = assignment.queue_id
  join peerage.agent as agent on agent.id = assignment.agent_id
  left join peerage.agent_session as session on session.agent_id = agent.id and session.ended_at is null
  left join peerage.queue_login as login on login.session_id = session.id and login.queue_id = queue.id
where agent.removed_at is null;

comment on view report.queue_membership is 'Queues and their agents.';
comment on column report.queue_membership.queue is 'Name of the queue.';
comment on column report.queue_membership.agent is 'Number of the agent.';
comment on column report.queue_membership.full_name is 'Name of the agent.';
comment on column report.queue_membership.assigned_penalty is 'Penalty of the assignment.';
comment on column report.queue_membership.logged_in is 'Whether the agent is a member right now.';
comment on column report.queue_membership.interface is 'What app_queue dials; null when not logged in.';
comment on column report.queue_membership.penalty is 'Penalty in force, which Asterisk may have changed; null when not logged in.';
comment on column report.queue_membership.paused is 'Whether paused in this queue; null when not logged in.';
comment on column report.queue_membership.reason is 'Reason of the pause; null when there is none.';
comment on column report.queue_membership.since is 'Since when a member; null when not logged in.';
