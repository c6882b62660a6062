-- How agents spent a day, those who were at work on it: one row for each agent, state and reason. A day is one of the agent's
-- site, and ends with now.
--
-- $1: only agents assigned to one of these queues; null for everybody
-- $2: only agents of this queue; null for any
-- $3: the day; null for today
-- $4: only agents after this number
-- $5: at most so many agents
with worked as materialized (
  select
    agent.id,
    agent.number,
    agent.full_name,
    zone.day,
    span.began_at,
    span.ended_at
  from peerage.agent as agent
    join peerage.sip_account as account on account.id = agent.account_id
    join peerage.site as site on site.id = account.site_id
    cross join lateral (
      select coalesce($3::date, (clock_timestamp() at time zone site.time_zone)::date) as day
    ) as zone
    cross join lateral (
      select
        zone.day::timestamp at time zone site.time_zone as began_at,
        least((zone.day + 1)::timestamp at time zone site.time_zone, clock_timestamp()) as ended_at
    ) as span
  where agent.removed_at is null
    and agent.number > $4
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
    and exists (
      select
      from peerage.agent_session as session
      where session.agent_id = agent.id
        and session.began_at < span.ended_at
        and (session.ended_at is null or session.ended_at > span.began_at)
    )
  order by agent.number
  limit $5
)
select
  worked.number as number,
  worked.full_name as name,
  worked.day::text as day,
  state.state as state,
  state.reason as reason,
  sum(
    (extract(epoch from least(coalesce(state.ended_at, worked.ended_at), worked.ended_at) - greatest(state.began_at, worked.began_at)) * 1000000)::bigint
  )::bigint as microseconds
from worked
  join peerage.agent_session as session on session.agent_id = worked.id
    and session.began_at < worked.ended_at
    and (session.ended_at is null or session.ended_at > worked.began_at)
  join peerage.agent_state as state on state.session_id = session.id
    and state.began_at < worked.ended_at
    and (state.ended_at is null or state.ended_at > worked.began_at)
group by
  worked.number,
  worked.full_name,
  worked.day,
  state.state,
  state.reason
order by
  worked.number,
  state.state,
  state.reason
