create function peerage.queue_login_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  at timestamptz;
  session peerage.agent_session;
begin
  select *
  into session
  from peerage.agent_session as one
  where one.id = coalesce(new.session_id, old.session_id);
  at := case
    when tg_op = 'INSERT' or tg_op = 'UPDATE' and new.changed_at > old.changed_at then new.changed_at
    else peerage.time_of(array[session.agent_id])
  end;

  if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.uniqueid <> new.uniqueid then
    insert into peerage.queue_log (time, callid, queuename, agent, event, agent_id, agent_number)
    values (at, 'REALTIME', old.queue_name, old.member_name, 'REMOVEMEMBER', session.agent_id, session.agent_number);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and old.uniqueid <> new.uniqueid then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (
      at,
      'REALTIME',
      new.queue_name,
      new.member_name,
      'ADDMEMBER',
      case
        when new.paused = '1' then 'PAUSED'
      end,
      session.agent_id,
      session.agent_number
    );
  end if;
  if tg_op = 'INSERT' and new.paused = '1'
    or tg_op = 'UPDATE' and (old.paused, coalesce(old.reason_paused, '')) <> (new.paused, coalesce(new.reason_paused, ''))
  then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (
      at,
      'NONE',
      new.queue_name,
      new.member_name,
      case
        when new.paused = '1' then 'PAUSE'
        else 'UNPAUSE'
      end,
      -- `|` parts the fields of Asterisk's file.
      translate(new.reason_paused, '|', ' '),
      session.agent_id,
      session.agent_number
    );
  end if;
  return null;
end
$$;

comment on function peerage.queue_login_log() is 'Writes app_queue''s lines about members (ADDMEMBER, REMOVEMEMBER, PAUSE, UNPAUSE), once each, as the change is made.';

create trigger queue_login_log
  after insert or delete or update of uniqueid, paused, reason_paused on peerage.queue_login
  for each row
  execute function peerage.queue_login_log();
