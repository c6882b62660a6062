create function peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  replaced bigint;
  is_so boolean;
begin
  select
    count(*),
    coalesce(bool_or(pause.queue_id is not distinct from of_queue and pause.reason is not distinct from why), false)
  into
    replaced,
    is_so
  from peerage.agent_pause as pause
  where pause.session_id = wanted
    and pause.ended_at is null
    and (of_queue is null or pause.queue_id = of_queue);
  if is_so then
    return;
  end if;
  -- A second reason replaces the first; both stay recorded. A pause of all queues takes the place of single ones.
  if replaced > 0 then
    update peerage.agent_pause
    set
      ended_at = at,
      ended_by = by
    where session_id = wanted
      and ended_at is null
      and (of_queue is null or queue_id = of_queue);
  end if;
  insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
  values (
    wanted,
    of_queue,
    (select name from peerage.queue where id = of_queue),
    why,
    (select id from peerage.pause_reason where code = why),
    by,
    is_forced,
    at,
    at
  );
  perform peerage.settle(wanted, at);
end
$$;

comment on function peerage.pause(bigint, bigint, text, text, boolean, timestamptz) is 'Pauses a session on one queue, or on all when the queue is null. The same again changes nothing. The agent must be locked.';
