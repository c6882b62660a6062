-- The session itself. Parameters as in move_place.sql; $5 and $6 are named so that all three take the same.
update peerage.agent_session
set
  interface_kind = $2,
  interface = $3,
  state_interface = $3,
  phone_number = $4
where agent_id = $1
  and ended_at is null
  and $5 <> ''
  and $6::timestamptz is not null
