-- Orders that were carried out, and whose echo the database has not seen: the node could not write it. $1 are their ids.
with done as (
  delete from peerage.pause_order
  where id = any ($1)
  returning
    id,
    uniqueid,
    node,
    paused,
    reason
)
select peerage.pause_told(done.uniqueid, done.node, done.paused, done.reason)
from done
  join peerage.queue_login as login on login.uniqueid = done.uniqueid
order by done.id
