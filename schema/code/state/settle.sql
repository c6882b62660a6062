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
  members bigint;
  paused_members bigint;
  reasons bigint;
  one_reason text;
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
    paused = case
      when effective.is_paused then '1'
      else '0'
    end,
    reason_paused = effective.reason
  from (
    select
      member.uniqueid,
      of_one.id is not null or of_all.id is not null as is_paused,
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
      login.paused <> case
        when effective.is_paused then '1'
        else '0'
      end
      or login.reason_paused is distinct from effective.reason
    );

  select
    count(*),
    count(*) filter (where paused = '1'),
    count(distinct coalesce(reason_paused, '')) filter (where paused = '1'),
    min(reason_paused) filter (where paused = '1')
  into members, paused_members, reasons, one_reason
  from peerage.queue_login
  where session_id = wanted;

  if of_all.id is not null then
    new_state := 'paused';
    new_reason := of_all.reason;
  elsif members > 0 and paused_members = members then
    new_state := 'paused';
    new_reason := case
      when reasons = 1 then one_reason
    end;
  elsif paused_members > 0 then
    new_state := 'partly_paused';
  else
    new_state := 'available';
  end if;

  if exists (
    select
    from peerage.agent_state
    where session_id = wanted
      and ended_at is null
      and state = new_state
      and reason is not distinct from new_reason
  ) then
    return;
  end if;
  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  insert into peerage.agent_state (session_id, state, reason, began_at)
  values (wanted, new_state, new_reason, at);
end
$$;

comment on function peerage.settle(bigint, timestamptz) is 'Makes the memberships and the timeline of a session what its pauses say. The agent must be locked.';
