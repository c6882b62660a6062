-- Notes the orders of an agent that are due at a node. $1 is the node, $2 the agent's number.
with due as (
  select
    login.uniqueid,
    login.queue_name,
    login.interface,
    login.paused,
    login.reason_paused
  from peerage.queue_login as login
    join peerage.agent_session as session on session.id = login.session_id
    join peerage.node as node on node.name = $1
    left join peerage.pause_seen as seen on seen.uniqueid = login.uniqueid and seen.node = $1
  where session.ended_at is null
    and session.agent_number = $2
    and (
      node.all_sites
      or exists (
        select
        from peerage.node_site as served
        where served.login = node.login
          and served.site_id = login.site_id
      )
    )
    and (
      coalesce(seen.paused, '0') <> login.paused
      or seen.reason is distinct from login.reason_paused
    )
  order by login.queue_name
),
noted as (
  insert into peerage.pause_order (node, queue_name, interface, uniqueid, paused, reason)
  select
    node.name,
    due.queue_name,
    due.interface,
    due.uniqueid,
    due.paused,
    due.reason_paused
  from due
    join peerage.node as node on node.name = $1
  returning
    id,
    uniqueid
)
select
  noted.id as id,
  due.queue_name as queue_name,
  due.interface as interface,
  due.paused as paused,
  due.reason_paused as reason
from noted
  join due on due.uniqueid = noted.uniqueid
order by noted.id
