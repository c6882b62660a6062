-- A session with its place and memberships. $1 agent, $2 number, $3 kind, $4 interface, $5 telephone, $6 by, $7 at.
with session as (
  insert into peerage.agent_session (
    agent_id,
    agent_number,
    interface_kind,
    interface,
    state_interface,
    member_name,
    phone_number,
    begun_by,
    began_at
  )
  select
    agent.id,
    $2,
    $3,
    $4,
    $4,
    -- app_queue and its log know people by name only, and keep 79 bytes of it. A name that is not unique, is too long, or
    -- looks as if it had one, gets its number; so no two at work have the same.
    case
      when octet_length(agent.full_name) > 79
        or agent.full_name like '%)'
        or exists (
          select
          from peerage.agent as other
          where other.full_name = agent.full_name
            and other.id <> agent.id
            and other.removed_at is null
        )
        or exists (
          select
          from peerage.agent_session as other
          where other.member_name = agent.full_name
            and other.ended_at is null
        )
      then peerage.cut(agent.full_name, 76 - octet_length(agent.number)) || ' (' || agent.number || ')'
      else agent.full_name
    end,
    $5,
    $6,
    $7
  from peerage.agent as agent
  where agent.id = $1
  returning *
),
place as (
  insert into peerage.agent_place (session_id, interface_kind, interface, phone_number, actor, began_at)
  select
    session.id,
    session.interface_kind,
    session.interface,
    session.phone_number,
    session.begun_by,
    session.began_at
  from session
)
insert into peerage.queue_login (
  queue_name,
  interface,
  member_name,
  state_interface,
  penalty,
  session_id,
  queue_id,
  began_at
)
select
  queue.name,
  session.interface,
  session.member_name,
  session.state_interface,
  assignment.penalty::text,
  session.id,
  queue.id,
  session.began_at
from session
  join peerage.queue_assignment as assignment on assignment.agent_id = session.agent_id
  join peerage.queue as queue on queue.id = assignment.queue_id
