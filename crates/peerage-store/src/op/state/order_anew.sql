-- What a node holds of a member, when it differs from what is so. $1 is the node, $2 the agent's number, $3 the queue,
-- $4 paused, $5 the reason.
select peerage.pause_told(login.uniqueid, $1, $4, $5)
from peerage.queue_login as login
  join peerage.agent_session as session on session.id = login.session_id
where session.ended_at is null
  and session.agent_number = $2
  and login.queue_name = $3
  and (login.paused <> $4 or (login.paused = '1' and login.reason_paused is distinct from $5))
