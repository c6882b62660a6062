-- Agents at work of whom a node holds something else than what is so. $1 is the node, $2 are their numbers, or null for all.
select distinct session.agent_number as agent
from peerage.queue_login as login
  join peerage.agent_session as session on session.id = login.session_id
  left join peerage.node as node on node.name = $1
  left join peerage.pause_seen as seen on seen.uniqueid = login.uniqueid and seen.node = $1
where session.ended_at is null
  and (
    node.all_sites is not false
    or exists (
      select
      from peerage.node_site as served
      where served.login = node.login
        and served.site_id = login.site_id
    )
  )
  and ($2::text[] is null or session.agent_number = any ($2))
  and (
    coalesce(seen.paused, '0') <> login.paused
    or seen.reason is distinct from login.reason_paused
  )
order by session.agent_number
