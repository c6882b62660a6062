create function peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  named bigint := (select id from peerage.pause_reason where code = why);
begin
  if exists (
    select
    from peerage.agent_pause
    where session_id = wanted
      and queue_id is not distinct from of_queue
      and ended_at is null
      and reason is not distinct from why
  ) then
    return;
  end if;
  -- A second reason replaces the first; both stay recorded. A pause of all queues takes the place of single ones.
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null
    and (of_queue is null or queue_id = of_queue);
  insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
  values (
    wanted,
    of_queue,
    (select name from peerage.queue where id = of_queue),
    why,
    named,
    by,
    is_forced,
    at,
    at
  );
  perform peerage.settle(wanted, at);
end
$$;

comment on function peerage.pause(bigint, bigint, text, text, boolean, timestamptz) is 'Pauses a session on one queue, or on all when the queue is null. The same again changes nothing. The agent must be locked.';
