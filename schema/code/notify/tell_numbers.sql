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

-- Whatever changes what Asterisk is told of an account makes its endpoint anew (peerage.serve), be it only the secret or
-- chan_sip's part: so one table tells of all five.
do $$
declare
  told record;
begin
  for told in
    select
      list.relation,
      list.channel,
      list.key
    from (
      values
        ('pjsip_endpoint', 'peerage_accounts', 'number'),
        ('agent', 'peerage_agents', 'number'),
        ('agent_channel', 'peerage_agents', 'agent_id'),
        ('agent_session', 'peerage_agents', 'agent_number')
    ) as list (relation, channel, key)
  loop
    execute format(
      'create trigger %s_told_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)',
      told.relation,
      told.channel,
      told.key
    );
    execute format(
      'create trigger %s_told_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.tell_numbers(%L, %L)',
      told.relation,
      told.channel,
      told.key
    );
    execute format(
      'create trigger %s_told_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.tell_numbers(%L, %L)',
      told.relation,
      told.channel,
      told.key
    );
  end loop;
end
$$;
