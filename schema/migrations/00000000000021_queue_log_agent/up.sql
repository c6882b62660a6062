-- Whose line of the queue log it is, for good: names change and two people may have one. And each join, leave, pause and
-- resume once, however many nodes there are.
--
-- Each Asterisk writes a line when it reads that a member has come, gone or paused: as many lines as nodes, at the time of their
-- next look, and none of a pause that none of them saw. So the database writes these lines itself, with the change, and takes none
-- of a node for them (asterisk.queue_log_write).

alter table peerage.queue_log
  add column agent_id bigint,
  add column agent_number text collate "C";

-- No foreign key: its check would wait for whoever has the agent locked, and a line of the log waits for nobody.
create index queue_log_agent_id_time_idx
  on peerage.queue_log (agent_id, time)
  where agent_id is not null;

create index agent_session_member_name_began_at_idx on peerage.agent_session (member_name, began_at);

comment on column peerage.queue_log.agent is 'Member name as it was then, or NONE.';
comment on column peerage.queue_log.agent_id is 'The agent, whatever the name or number later is; null for NONE, for members that are none of Peerage''s, and in lines from before this column.';
comment on column peerage.queue_log.agent_number is 'The agent''s number at that time.';

create function peerage.logged_agent(member text, call text, at timestamptz, out agent_id bigint, out agent_number text)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- A call stays with the agent who took it, whoever has that name when it ends.
  if call ~ '^[0-9A-Za-z_-]*[0-9]+[.][0-9]+$' then
    select
      log.agent_id,
      log.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.queue_log as log
    where log.callid = call
      and log.agent = member
      and log.agent_id is not null
    order by log.id desc
    limit 1;
  end if;
  -- No two at work at once have one name, so who began last before that moment is meant. A clock may be a little behind.
  for skew in 0..1 loop
    exit when logged_agent.agent_id is not null;
    select
      session.agent_id,
      session.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.agent_session as session
    where session.member_name = member
      and session.began_at <= at + skew * interval '5 minutes'
      -- Somebody else may have the name later. What a call leaves behind comes within the hour.
      and coalesce(session.ended_at, at) >= at - interval '1 hour'
    order by session.began_at desc
    limit 1;
  end loop;
end
$$;

comment on function peerage.logged_agent(text, text, timestamptz) is 'Whose line a member''s name is at a moment; nulls when nobody''s. A line of a call is whose the call was.';

create or replace function peerage.agent_session_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (new.began_at, 'NONE', 'NONE', new.member_name, 'AGENTCALLBACKLOGIN', new.interface, new.agent_id, new.agent_number);
  else
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3, agent_id, agent_number)
    values (
      new.ended_at,
      'NONE',
      'NONE',
      new.member_name,
      'AGENTCALLBACKLOGOFF',
      new.interface,
      floor(extract(epoch from new.ended_at - new.began_at))::bigint::text,
      new.end_cause,
      new.agent_id,
      new.agent_number
    );
  end if;
  return null;
end
$$;

create function peerage.queue_login_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  at timestamptz;
  session peerage.agent_session;
begin
  select *
  into session
  from peerage.agent_session as one
  where one.id = coalesce(new.session_id, old.session_id);
  at := peerage.time_of(array[session.agent_id]);

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
