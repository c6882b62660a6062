-- object:   sessions
-- for:      every login, and what its time was spent on
-- grain:    one row for each session

create view report.sessions as
select
  session.id as session,
  session.agent_number as agent,
  agent.full_name as full_name,
  session.began_at as began_at,
  session.ended_at as ended_at,
  session.end_cause as end_cause,
  session.end_reason as end_reason,
  session.begun_by as begun_by,
  session.ended_by as ended_by,
  -- The last change may be ahead of a clock that has been set back.
  coalesce(session.ended_at, greatest(now(), session.began_at, spent.last_change)) - session.began_at as logged_in,
  coalesce(spent.available, '0') as available,
  coalesce(spent.paused, '0') as paused,
  coalesce(spent.partly_paused, '0') as partly_paused
from peerage.agent_session as session
  join peerage.agent as agent on agent.id = session.agent_id
  left join lateral (
    select
      max(state.began_at) as last_change,
      sum(coalesce(state.ended_at, greatest(now(), state.began_at)) - state.began_at) filter (where state.state = 'available') as available,
      sum(coalesce(state.ended_at, greatest(now(), state.began_at)) - state.began_at) filter (where state.state = 'paused') as paused,
      sum(coalesce(state.ended_at, greatest(now(), state.began_at)) - state.began_at) filter (where state.state = 'partly_paused') as partly_paused
    from peerage.agent_state as state
    where state.session_id = session.id
  ) as spent on true;

comment on view report.sessions is 'Logins. logged_in is exactly available + paused + partly_paused.';
comment on column report.sessions.session is 'The session.';
comment on column report.sessions.agent is 'Number of the agent then.';
comment on column report.sessions.full_name is 'Name.';
comment on column report.sessions.began_at is 'Login.';
comment on column report.sessions.ended_at is 'Logout; null while open.';
comment on column report.sessions.end_cause is 'agent, supervisor, take_over, disconnection, admin or removed; null while open.';
comment on column report.sessions.end_reason is 'What was said about the end.';
comment on column report.sessions.begun_by is 'Who logged the agent in.';
comment on column report.sessions.ended_by is 'Who ended it; null while open.';
comment on column report.sessions.logged_in is 'How long, until now while open.';
comment on column report.sessions.available is 'Of that, available.';
comment on column report.sessions.paused is 'Of that, paused on all queues.';
comment on column report.sessions.partly_paused is 'Of that, paused on some queues.';
