-- The same for what hangs on a session and is written with each pause, over and over: with statements of its own, planned once.
create function peerage.tell_sessions()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  numbers text[];
begin
  if current_setting('peerage.told_peerage_agents', true) = '*' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    numbers := array(
      select distinct session.agent_number
      from new_rows as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  elsif tg_op = 'DELETE' then
    numbers := array(
      select distinct session.agent_number
      from old_rows as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  -- Most updates of a pause that is not there touch no row.
  elsif exists (select from new_rows) then
    numbers := array(
      select distinct session.agent_number
      from ((table old_rows except table new_rows) union all (table new_rows except table old_rows)) as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  end if;
  perform peerage.tell('peerage_agents', numbers);
  return null;
end
$$;

comment on function peerage.tell_sessions() is 'Notifies channel peerage_agents of the agents whose sessions a statement changed something of: memberships, pauses, requests.';

-- Not agent_state: it follows from these.
do $$
declare
  told text;
begin
  foreach told in array array['queue_login', 'agent_pause', 'agent_request']
  loop
    execute format(
      'create trigger %s_told_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.tell_sessions()',
      told
    );
    -- A membership's pause changes with one in agent_pause (peerage.settle), or with a rest that ends, and what else changes of it seldom does.
    if told <> 'queue_login' then
      execute format(
        'create trigger %s_told_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.tell_sessions()',
        told
      );
    end if;
    execute format(
      'create trigger %s_told_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.tell_sessions()',
      told
    );
  end loop;
end
$$;
