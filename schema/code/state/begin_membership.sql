create function peerage.begin_membership(wanted bigint, of_queue bigint, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
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
    at
  from peerage.agent_session as session
    join peerage.queue_assignment as assignment on assignment.agent_id = session.agent_id
    join peerage.queue as queue on queue.id = assignment.queue_id
  where session.id = wanted
    and session.ended_at is null
    and queue.id = of_queue
  on conflict on constraint queue_login_session_id_queue_id_key do nothing;
end
$$;

comment on function peerage.begin_membership(bigint, bigint, timestamptz) is 'Makes an open session a member of a queue that its agent is assigned to. What Asterisk took away of other queues stays away.';
