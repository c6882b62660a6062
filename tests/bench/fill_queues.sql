-- 1,000 queues, 5,000 agents at work, each in ten queues: 50 members in each, the same on both sides.
insert into peerage.queue (name)
select 'queue' || lpad(item::text, 4, '0')
from generate_series(0, 999) as item;

begin;

insert into peerage.agent_session (
  agent_id,
  agent_number,
  interface_kind,
  interface,
  state_interface,
  member_name,
  begun_by,
  began_at
)
select
  id,
  number,
  'internal',
  'PJSIP/' || number,
  'PJSIP/' || number,
  full_name,
  'bench',
  clock_timestamp()
from peerage.agent
order by id
limit 5000;

insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
select
  id,
  interface_kind,
  interface,
  begun_by,
  began_at
from peerage.agent_session;

insert into peerage.agent_state (session_id, state, began_at)
select
  id,
  'available',
  began_at
from peerage.agent_session;

-- Yesterday's sessions, with ten pauses each: who plans a statement on an empty table gets another plan than a call centre has.
insert into peerage.agent_session (
  agent_id,
  agent_number,
  interface_kind,
  interface,
  state_interface,
  member_name,
  begun_by,
  ended_by,
  end_cause,
  began_at,
  ended_at
)
select
  agent_id,
  agent_number,
  interface_kind,
  interface,
  state_interface,
  member_name,
  begun_by,
  begun_by,
  'agent',
  began_at - interval '24 hours',
  began_at - interval '16 hours'
from peerage.agent_session;

insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at, ended_at)
select
  id,
  interface_kind,
  interface,
  begun_by,
  began_at,
  ended_at
from peerage.agent_session
where ended_at is not null;

insert into peerage.agent_state (session_id, state, began_at, ended_at)
select
  session.id,
  case
    when nth % 2 = 0 then 'available'
    else 'paused'
  end,
  session.began_at + nth * interval '24 minutes',
  session.began_at + (nth + 1) * interval '24 minutes'
from peerage.agent_session as session
  cross join generate_series(0, 19) as nth
where session.ended_at is not null;

insert into peerage.agent_pause (session_id, reason, actor, paused_since, began_at, ended_at, ended_by)
select
  session_id,
  'lunch',
  'bench',
  began_at,
  began_at,
  ended_at,
  'bench'
from peerage.agent_state
where state = 'paused';

commit;

insert into peerage.queue_login (
  uniqueid,
  queue_name,
  interface,
  member_name,
  state_interface,
  session_id,
  queue_id,
  began_at
)
select
  '0000' || lpad((row_number() over (order by queue.id, session.id))::text, 12, '0'),
  queue.name,
  session.interface,
  session.member_name,
  session.interface,
  session.id,
  queue.id,
  session.began_at
from peerage.agent_session as session
  cross join generate_series(0, 9) as nth
  join peerage.queue as queue on queue.name = 'queue' || lpad(((session.agent_number::integer + nth * 100) % 1000)::text, 4, '0')
where session.ended_at is null;

insert into flat.queue_members (
  queue_name,
  interface,
  membername,
  state_interface,
  penalty,
  paused,
  uniqueid
)
select
  queue_name,
  interface,
  membername,
  state_interface,
  penalty::integer,
  paused::integer,
  right(uniqueid, 12)::integer
from asterisk.queue_members
where queue_name like 'queue%';
