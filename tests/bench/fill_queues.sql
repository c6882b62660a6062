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
  '00000000-0000-4000-8000-' || lpad((row_number() over (order by queue.id, session.id))::text, 12, '0'),
  queue.name,
  session.interface,
  session.member_name,
  session.interface,
  session.id,
  queue.id,
  session.began_at
from peerage.agent_session as session
  cross join generate_series(0, 9) as nth
  join peerage.queue as queue on queue.name = 'queue' || lpad(((session.agent_number::integer + nth * 100) % 1000)::text, 4, '0');

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
