-- The agents of a board: all who are at work, and a page of the others.
--
-- $1: only agents assigned to one of these queues; null for everybody
-- $2: only agents of this queue match; null for any
-- $3: only agents with this in number, name, alias or e-mail address match; null for any
-- $4: whether the others are wanted
-- $5: the others from after this number on
-- $6: at most so many of the others
-- $7: only the agent of this number; null for all
with shown as materialized (
  select
    session.agent_id as id,
    session.id as session_id
  from peerage.agent_session as session
  where session.ended_at is null
    and (
      $7 is null
      or session.agent_id = (
        select agent.id
        from peerage.agent as agent
        where agent.number = $7
          and agent.removed_at is null
      )
    )
    and (
      $1 is null
      or exists (
        select
        from peerage.queue_assignment as assignment
          join peerage.queue as queue on queue.id = assignment.queue_id
        where assignment.agent_id = session.agent_id
          and queue.name = any ($1)
      )
    )
  union all
  (
    select
      agent.id,
      -- The last session: no session begins while another is open.
      (
        select last.id
        from peerage.agent_session as last
        where last.agent_id = agent.id
        order by
          last.began_at desc,
          last.id desc
        limit 1
      )
    from peerage.agent as agent
    where $4
      and agent.removed_at is null
      and agent.number > $5
      and ($7 is null or agent.number = $7)
      and not exists (
        select
        from peerage.agent_session as session
        where session.agent_id = agent.id
          and session.ended_at is null
      )
      and (
        $1 is null and $2 is null
        or exists (
          select
          from peerage.queue_assignment as assignment
            join peerage.queue as queue on queue.id = assignment.queue_id
          where assignment.agent_id = agent.id
            and ($1 is null or queue.name = any ($1))
            and ($2 is null or queue.name = $2)
        )
      )
      and (
        $3 is null
        or agent.number ilike $3
        or agent.full_name ilike $3
        or agent.alias ilike $3
        or agent.email ilike $3
      )
    order by agent.number
    limit $6
  )
),
-- Grouped once rather than looked up for each agent, which takes four times as long.
seat as materialized (
  select
    shown.id,
    array_agg(queue.name order by queue.name) as assigned,
    coalesce(array_agg(queue.name) filter (where login.uniqueid is not null), '{}') as joined,
    coalesce(array_agg(queue.name) filter (where login.paused = '1'), '{}') as paused
  from shown
    join peerage.queue_assignment as assignment on assignment.agent_id = shown.id
    join peerage.queue as queue on queue.id = assignment.queue_id
    left join peerage.queue_login as login on login.session_id = shown.session_id and login.queue_id = queue.id
  where $1 is null
    or queue.name = any ($1)
  group by shown.id
)
select
  agent.number as number,
  agent.full_name as name,
  agent.hot_desk as hot_desk,
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
  seen.last_seen as last_seen,
  seen.registered_since as registered_since,
  call.up_since as up_since,
  call.ringing_since as ringing_since,
  call.ended_at as call_ended_at,
  known.label as reason_label,
  known.productive as productive,
  known.max_seconds as max_seconds,
  exists (
    select
    from peerage.agent_request as request
    where request.session_id = session.id
      and request.ended_at is null
  ) as leaving,
  coalesce(seat.assigned, '{}') as assigned,
  coalesce(seat.joined, '{}') as joined,
  coalesce(seat.paused, '{}') as paused,
  ($2 is null or coalesce($2 = any (seat.assigned), false))
    and (
      $3 is null
      or agent.number ilike $3
      or agent.full_name ilike $3
      or coalesce(agent.alias ilike $3, false)
      or coalesce(agent.email ilike $3, false)
    ) as matches
from shown
  join peerage.agent as agent on agent.id = shown.id
  left join seat on seat.id = shown.id
  left join peerage.agent_session as session on session.id = shown.session_id
  left join peerage.agent_state as state on state.session_id = session.id and state.ended_at is null
  left join peerage.agent_reach as reach on reach.session_id = session.id
  left join peerage.pause_reason as known on known.code = state.reason
  -- An outside number has an `@`, which no account has.
  left join peerage.sip_account as device on device.number = split_part(session.interface, '/', 2) and session.ended_at is null
  left join lateral (
    select
      min(one.registered_at) filter (where one.expires_at > clock_timestamp()) as registered_since,
      max(one.expires_at) as last_seen
    from peerage.device_registration as one
    where one.account_id = device.id
      and one.driver = case
        when session.interface like 'PJSIP/%' then 'pjsip'
        else 'chan_sip'
      end
  ) as seen on true
  left join lateral (
    select
      now.up_since,
      now.ringing_since,
      now.ended_at
    from peerage.call_now as now
    where now.agent_id = agent.id
  ) as call on true
order by agent.number
