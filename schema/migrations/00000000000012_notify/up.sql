-- Tells whoever listens what has changed: the service, which makes caching Asterisks forget it and pages show it.
--
-- A notification says what to look at again, never how it is now. Registrations tell nothing: they are most of all writes,
-- and change nothing that Asterisk is told. Each statement tells once; what is told twice in a transaction, or in more
-- than 200 numbers, arrives as one.

create function peerage.tell(channel text, numbers text[])
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  setting constant text := 'peerage.told_' || channel;
  told text := current_setting(setting, true);
  payload text := coalesce(array_to_string(numbers, ' '), '');
begin
  -- Nothing to tell, or all is told already.
  if payload = '' or told = '*' then
    return;
  end if;
  -- Counted through the transaction: a loop over all agents tells of them one by one.
  if cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer > 200 or octet_length(payload) > 7000 then
    payload := '*';
    perform set_config(setting, '*', true);
  else
    perform set_config(setting, (cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer)::text, true);
  end if;
  perform pg_notify(channel, payload);
end
$$;

comment on function peerage.tell(text, text[]) is 'Notifies a channel of numbers. The payload is the numbers with blanks between, or `*` for more than 200 in one transaction.';

create function peerage.tell_numbers()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  channel constant text := tg_argv[0];
  key constant text := tg_argv[1];
  numbers text[];
begin
  if current_setting('peerage.told_' || channel, true) = '*' then
    return null;
  end if;
  -- A row that is as it was is no change. Planned each time, because transition tables are small or large by turns.
  execute format(
    'select array(
      select distinct %s
      from (%s) as changed
      order by 1
      limit 201
    )',
    case key
      when 'agent_id' then '(select agent.number from peerage.agent as agent where agent.id = changed.agent_id)'
      else format('changed.%I', key)
    end,
    case tg_op
      when 'INSERT' then 'table new_rows'
      when 'DELETE' then 'table old_rows'
      else '(table old_rows except table new_rows) union all (table new_rows except table old_rows)'
    end
  )
  into numbers;
  perform peerage.tell(channel, array_remove(numbers, null));
  return null;
end
$$;

comment on function peerage.tell_numbers() is 'Notifies of the numbers that a statement changed. Arguments: the channel, and the column that leads to the number (number, agent_number or agent_id).';

-- The same for what hangs on a session and is written with each pause, over and over: with statements of its own, planned once.
create function peerage.tell_sessions()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
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

create function peerage.tell_table()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('peerage_settings', tg_table_name);
  return null;
end
$$;

comment on function peerage.tell_table() is 'Notifies channel peerage_settings that a table was changed; the payload is its name.';

do $$
declare
  told record;
begin
  -- Whatever changes what Asterisk is told of an account makes its endpoint anew (peerage.serve), be it only the secret or
  -- chan_sip's part: so one table tells of all five.
  for told in
    select *
    from (
      values
        ('pjsip_endpoint', 'peerage_accounts', 'number'),
        ('agent', 'peerage_agents', 'number'),
        ('agent_channel', 'peerage_agents', 'agent_id'),
        ('agent_session', 'peerage_agents', 'agent_number')
    ) as list (relation, channel, key)
  loop
    execute format('create trigger %s_told_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
    execute format('create trigger %s_told_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
    execute format('create trigger %s_told_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
  end loop;

  -- Not agent_state: it follows from these.
  for told in
    select *
    from unnest(array['queue_login', 'agent_pause', 'agent_request']) as list (relation)
  loop
    execute format('create trigger %s_told_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.tell_sessions()', told.relation);
    execute format('create trigger %s_told_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.tell_sessions()', told.relation);
    execute format('create trigger %s_told_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.tell_sessions()', told.relation);
  end loop;

  for told in
    select *
    from unnest(array['site', 'node', 'phone', 'queue', 'queue_assignment', 'queue_rule', 'pause_reason', 'login_account', 'supervisor_queue', 'api_token']) as list (relation)
  loop
    execute format('create trigger %s_told after insert or update or delete on peerage.%1$s for each statement execute function peerage.tell_table()', told.relation);
  end loop;
end
$$;

create function peerage.end_sip_registration(of_number text, of_node text, as_written timestamptz)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0',
    -- In the name of the node: only who has a right to the table can write this.
    written_at = clock_timestamp()
  where number = of_number
    and node = of_node
    and written_at = as_written
    and expires_at is not null;

  return found;
end
$$;

comment on function peerage.end_sip_registration(text, text, timestamptz) is
  'Ends a chan_sip registration in the name of its node, unless it was written since: a node that keeps peers in memory does not always write that a telephone has unregistered.';
