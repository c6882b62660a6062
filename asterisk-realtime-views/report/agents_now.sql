-- object:   agents_now
-- for:      who is at work, where, and in what state, right now
-- grain:    one row for each agent in service

create view report.agents_now as
select
  agent.number as agent,
  agent.full_name as full_name,
  site.name as site,
  coalesce(state.state, 'offline') as state,
  state.reason as reason,
  state.began_at as state_since,
  session.interface_kind as interface_kind,
  session.interface as interface,
  session.phone_number as phone,
  session.began_at as logged_in_since,
  session.begun_by as logged_in_by,
  (
    select count(*)
    from peerage.queue_login as login
    where login.session_id = session.id
  ) as queues,
  reach.unreachable as unreachable,
  (
    select string_agg(at.one ->> 'node', ', ' order by at.one ->> 'node')
    from jsonb_array_elements(reach.unreachable_at) as at (one)
  ) as unreachable_at
from peerage.agent as agent
  join peerage.sip_account as account on account.id = agent.account_id
  join peerage.site as site on site.id = account.site_id
  left join peerage.agent_session as session on session.agent_id = agent.id and session.ended_at is null
  left join peerage.agent_state as state on state.session_id = session.id and state.ended_at is null
  left join peerage.agent_reach as reach on reach.session_id = session.id;

comment on view report.agents_now is 'Agents and their state right now.';
comment on column report.agents_now.agent is 'Number of the agent.';
comment on column report.agents_now.full_name is 'Name.';
comment on column report.agents_now.site is 'Site.';
comment on column report.agents_now.state is 'offline, available, paused or partly_paused: what the session is, apart from calls and from whether the device is there.';
comment on column report.agents_now.reason is 'Reason of the pause; null when there is none.';
comment on column report.agents_now.state_since is 'Since when; null when offline.';
comment on column report.agents_now.interface_kind is 'internal, phone, mobile or hot_desk; null when offline.';
comment on column report.agents_now.interface is 'What app_queue dials; null when offline.';
comment on column report.agents_now.phone is 'The hot-desk telephone; null otherwise.';
comment on column report.agents_now.logged_in_since is 'Login; null when offline.';
comment on column report.agents_now.logged_in_by is 'Who logged the agent in.';
comment on column report.agents_now.queues is 'In how many queues.';
comment on column report.agents_now.unreachable is 'Whether no node can ring the device; null when offline, and where calls go outside.';
comment on column report.agents_now.unreachable_at is 'The nodes that cannot ring the device, though others may; null when none says so.';
