-- New members in place of the old ones: another uniqueid. Parameters as in move_place.sql.
update peerage.queue_login as login
set
  uniqueid = default,
  interface = session.interface,
  state_interface = session.state_interface,
  changed_at = $6
from peerage.agent_session as session
where session.id = login.session_id
  and session.agent_id = $1
  and session.ended_at is null
  and session.interface_kind = $2
  and session.interface = $3
  and session.phone_number is not distinct from $4
  and $5 <> ''
