-- How agents spent a day, those who were at work on it: one row for each agent, state and reason. A day is one of the agent's
-- site, and ends with now.
--
-- $1: only agents assigned to one of these queues; null for everybody
-- $2: only agents of this queue; null for any
-- $3: the day; null for today
-- $4: only agents after this number
-- $5: at most so many agents
with span as materialized (
  select
    site.id as site_id,
    zone.day,
    zone.day::timestamp at time zone site.time_zone as began_at,
    least((zone.day + 1)::timestamp at time zone site.time_zone, clock_timestamp()) as ended_at
  from peerage.site as site
    cross join lateral (
      select coalesce($3::date, (clock_timestamp() at time zone site.time_zone)::date) as day
    ) as zone
),
-- Sessions of an agent do not overlap: those that touch a span are those that begin in it, and at most one that began before.
worked as materialized (
  select
    agent.id,
    agent.number,
    agent.full_name,
    span.day,
    span.began_at,
    span.ended_at,
    (
      select last.id
      from peerage.agent_session as last
      where last.agent_id = agent.id
        and last.began_at < span.began_at
      order by last.began_at desc
      limit 1
    ) as earlier_id
  from peerage.agent as agent
    join peerage.sip_account as account on account.id = agent.account_id
    join span on span.site_id = account.site_id
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
    and coalesce(
      (
        select last.ended_at is null or last.ended_at > span.began_at
        from peerage.agent_session as last
        where last.agent_id = agent.id
          and last.began_at < span.ended_at
        order by last.began_at desc
        limit 1
      ),
      false
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
  cross join lateral (
    select session.id
    from peerage.agent_session as session
    where session.agent_id = worked.id
      and session.began_at >= worked.began_at
      and session.began_at < worked.ended_at
    union all
    select worked.earlier_id
  ) as session
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
