-- The stay at one place ends, and the next begins. $1 agent, $2 kind, $3 interface, $4 telephone, $5 by, $6 at.
with left_behind as (
  update peerage.agent_place as place
  set ended_at = $6
  from peerage.agent_session as session
  where session.id = place.session_id
    and session.agent_id = $1
    and session.ended_at is null
    and place.ended_at is null
  returning place.session_id
)
insert into peerage.agent_place (session_id, interface_kind, interface, phone_number, actor, began_at)
select
  left_behind.session_id,
  $2,
  $3,
  $4,
  $5,
  $6
from left_behind
