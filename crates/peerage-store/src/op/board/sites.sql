-- The sites at which agents of these queues work, the one with the most of them first. $1: the queues; null for all sites.
select
  site.name as name,
  site.time_zone as time_zone,
  (clock_timestamp() at time zone site.time_zone)::date::text as today
from peerage.site as site
  left join lateral (
    select count(*) as agents
    from peerage.sip_account as account
      join peerage.agent as agent on agent.account_id = account.id
    where account.site_id = site.id
      and exists (
        select
        from peerage.queue_assignment as assignment
          join peerage.queue as queue on queue.id = assignment.queue_id
        where assignment.agent_id = agent.id
          and queue.name = any ($1)
      )
  ) as own on $1 is not null
where $1 is null
  or own.agents > 0
order by
  own.agents desc nulls last,
  site.id
