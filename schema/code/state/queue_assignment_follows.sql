create function peerage.queue_assignment_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  open_session bigint;
  at timestamptz;
begin
  at := peerage.lock_agent(coalesce(new.agent_id, old.agent_id));
  select session.id
  into open_session
  from peerage.agent_session as session
  where session.agent_id = coalesce(new.agent_id, old.agent_id)
    and session.ended_at is null;
  if not found then
    return null;
  end if;
  if tg_op = 'DELETE' then
    update peerage.agent_pause
    set
      ended_at = at,
      ended_by = peerage.actor()
    where session_id = open_session
      and queue_id = old.queue_id
      and ended_at is null;
    delete from peerage.queue_login
    where session_id = open_session
      and queue_id = old.queue_id;
  elsif tg_op = 'INSERT' then
    perform peerage.begin_membership(open_session, new.queue_id, at);
  else
    update peerage.queue_login
    set penalty = new.penalty::text
    where session_id = open_session
      and queue_id = new.queue_id;
  end if;
  perform peerage.settle(open_session, at);
  return null;
end
$$;

comment on function peerage.queue_assignment_follows() is 'Makes an agent at work join, leave or change penalty in a queue when the assignment does. A pause of all queues holds in the new one too.';

create trigger queue_assignment_follows
  after insert or delete or update of penalty on peerage.queue_assignment
  for each row
  execute function peerage.queue_assignment_follows();
