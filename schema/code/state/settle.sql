create function peerage.settle(wanted bigint, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  of_all peerage.agent_pause;
  new_state text;
  new_reason text;
begin
  select *
  into of_all
  from peerage.agent_pause
  where session_id = wanted
    and queue_id is null
    and ended_at is null;

  -- What app_queue reads: the pause of the one queue, being the later word, else the pause of all.
  update peerage.queue_login as login
  set
    paused = effective.paused,
    reason_paused = effective.reason,
    changed_at = at
  from (
    select
      member.uniqueid,
      case
        when of_one.id is not null or of_all.id is not null then '1'
        else '0'
      end as paused,
      case
        when of_one.id is not null then of_one.reason
        else of_all.reason
      end as reason
    from peerage.queue_login as member
      left join peerage.agent_pause as of_one on of_one.session_id = member.session_id
        and of_one.queue_id = member.queue_id
        and of_one.ended_at is null
    where member.session_id = wanted
  ) as effective
  where login.uniqueid = effective.uniqueid
    and (
      login.paused <> effective.paused
      or login.reason_paused is distinct from effective.reason
    );

  if of_all.id is not null then
    new_state := 'paused';
    new_reason := of_all.reason;
  else
    select
      case
        when count(*) filter (where login.paused = '1') = 0 then 'available'
        when count(*) filter (where login.paused = '0') > 0 then 'partly_paused'
        else 'paused'
      end,
      case
        when count(*) filter (where login.paused = '0') = 0
          and min(coalesce(login.reason_paused, '')) = max(coalesce(login.reason_paused, ''))
          then min(login.reason_paused)
      end
    into
      new_state,
      new_reason
    from peerage.queue_login as login
    where login.session_id = wanted;
  end if;

  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null
    and (state <> new_state or reason is distinct from new_reason);
  if not found
    and exists (
      select
      from peerage.agent_state
      where session_id = wanted
        and ended_at is null
    )
  then
    return;
  end if;
  insert into peerage.agent_state (session_id, state, reason, began_at)
  values (wanted, new_state, new_reason, at);
end
$$;

comment on function peerage.settle(bigint, timestamptz) is 'Makes the memberships and the timeline of a session what its pauses say. The agent must be locked.';
