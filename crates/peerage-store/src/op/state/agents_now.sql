-- What lists say of agents: state, place, since when. $1 is their numbers.
select
  agent.number as number,
  state.state as state,
  state.reason as reason,
  state.began_at as state_since,
  session.interface_kind as interface_kind,
  session.interface as interface,
  session.phone_number as phone_number,
  session.began_at as began_at,
  session.ended_at as ended_at,
  coalesce(reach.unreachable, false) as unreachable,
  coalesce(reach.unreachable_at, '[]')::text as unreachable_at,
  reach.lost_at as lost_at,
  call.up_since as up_since,
  call.ringing_since as ringing_since,
  call.ended_at as call_ended_at
from peerage.agent as agent
  -- The last session, whether it is open or not: no session begins while another is open.
  left join lateral (
    select
      last.id,
      last.interface_kind,
      last.interface,
      last.phone_number,
      last.began_at,
      last.ended_at
    from peerage.agent_session as last
    where last.agent_id = agent.id
    order by
      last.began_at desc,
      last.id desc
    limit 1
  ) as session on true
  left join peerage.agent_state as state on state.session_id = session.id and state.ended_at is null
  left join peerage.agent_reach as reach on reach.session_id = session.id
  left join lateral (
    select
      now.up_since,
      now.ringing_since,
      now.ended_at
    from peerage.call_now as now
    where now.agent_id = agent.id
  ) as call on true
where agent.number = any ($1)
  and agent.removed_at is null
