create function peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  of_all peerage.agent_pause;
begin
  select *
  into of_all
  from peerage.agent_pause
  where session_id = wanted
    and queue_id is null
    and ended_at is null;
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null
    and (of_queue is null or queue_id = of_queue or queue_id is null);
  -- The other queues stay paused, for the same reason and since the same moment.
  if of_queue is not null and of_all.id is not null then
    insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
    select
      wanted,
      member.queue_id,
      member.queue_name,
      of_all.reason,
      of_all.reason_id,
      of_all.actor,
      of_all.forced,
      of_all.paused_since,
      at
    from peerage.queue_login as member
    where member.session_id = wanted
      and member.queue_id <> of_queue
      and not exists (
        select
        from peerage.agent_pause as of_one
        where of_one.session_id = wanted
          and of_one.queue_id = member.queue_id
          and of_one.ended_at is null
      );
  end if;
  -- Who takes calls again is not about to leave.
  if exists (
    select
    from peerage.agent_request
    where session_id = wanted
      and ended_at is null
  ) then
    update peerage.agent_request
    set
      ended_at = at,
      outcome = 'withdrawn'
    where session_id = wanted
      and ended_at is null;
  end if;
  perform peerage.settle(wanted, at);
end
$$;

comment on function peerage.unpause(bigint, bigint, text, timestamptz) is 'Ends the pause of one queue, or every pause when the queue is null, and withdraws a logout that waits for the call. Under a pause of all queues the others keep theirs. The agent must be locked.';
