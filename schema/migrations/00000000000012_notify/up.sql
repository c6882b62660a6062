-- Tells whoever listens what has changed: the service, which makes caching Asterisks forget it and pages show it.
--
-- A notification says what to look at again, never how it is now. Registrations tell nothing: they are most of all writes,
-- and change nothing that Asterisk is told. Each statement tells once; what is told twice in a transaction, or in more
-- than 200 numbers, arrives as one.

create function peerage.tell_numbers()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  channel constant text := tg_argv[0];
  key constant text := tg_argv[1];
  setting constant text := 'peerage.told_' || tg_argv[0];
  told text := current_setting(setting, true);
  numbers text[];
  payload text;
begin
  -- All is told already.
  if told = '*' then
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
      when 'session_id' then '(select session.agent_number from peerage.agent_session as session where session.id = changed.session_id)'
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
  numbers := array_remove(numbers, null);
  if numbers = '{}' then
    return null;
  end if;
  payload := array_to_string(numbers, ' ');
  -- Counted through the transaction: a loop over all agents tells of them one by one.
  if cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer > 200 or octet_length(payload) > 7000 then
    payload := '*';
    perform set_config(setting, '*', true);
  else
    perform set_config(setting, (cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer)::text, true);
  end if;
  perform pg_notify(channel, payload);
  return null;
end
$$;

comment on function peerage.tell_numbers() is 'Notifies of the numbers that a statement changed. Arguments: the channel, and the column that leads to the number (number, agent_number, agent_id or session_id). The payload is numbers with blanks between, or `*` for more than 200 in one transaction.';

create function peerage.tell_table()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
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
        ('agent_session', 'peerage_agents', 'agent_number'),
        ('queue_login', 'peerage_agents', 'session_id'),
        ('agent_pause', 'peerage_agents', 'session_id'),
        ('agent_request', 'peerage_agents', 'session_id'),
        ('agent_state', 'peerage_agents', 'session_id')
    ) as list (relation, channel, key)
  loop
    execute format('create trigger %s_told_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
    execute format('create trigger %s_told_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
    execute format('create trigger %s_told_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.tell_numbers(%L, %L)', told.relation, told.channel, told.key);
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
  set search_path = ''
as $$
begin
  -- The trigger of the table takes a node's word alone, and knows the node by this name.
  perform set_config('application_name', of_node, true);

  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0'
  where number = of_number
    and node = of_node
    and written_at = as_written
    and expires_at is not null;

  return found;
end
$$;

comment on function peerage.end_sip_registration(text, text, timestamptz) is
  'Ends a chan_sip registration in the name of its node, unless it was written since: a node that keeps peers in memory does not always write that a telephone has unregistered. Leaves the rest of the transaction under the node''s application_name.';
