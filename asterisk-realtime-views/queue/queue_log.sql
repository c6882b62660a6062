-- object:   queue_log
-- module:   logger (main/logger.c: ast_queue_log)
-- read:     never
-- write:    insert, for each event of a queue
-- asterisk: 16 to 23
-- site:     none

create view asterisk.queue_log as
select
  to_char(log.time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as time,
  peerage.sent(log.callid) as callid,
  peerage.sent(log.queuename) as queuename,
  peerage.sent(coalesce(log.agent_number, log.agent)) as agent,
  peerage.sent(log.event) as event,
  peerage.sent(log.data1) as data1,
  peerage.sent(log.data2) as data2,
  peerage.sent(log.data3) as data3,
  peerage.sent(log.data4) as data4,
  peerage.sent(log.data5) as data5
from peerage.queue_log as log;

comment on view asterisk.queue_log is 'Log of the queues.';
comment on column asterisk.queue_log.time is 'Time in UTC: queue_log_realtime_use_gmt=yes.';
comment on column asterisk.queue_log.callid is 'Unique id of the call, or NONE, REALTIME, MANAGER.';
comment on column asterisk.queue_log.queuename is 'The queue, or NONE.';
comment on column asterisk.queue_log.agent is 'Number of the agent at that time; the member''s name where it is no agent of Peerage; or NONE.';
comment on column asterisk.queue_log.event is 'What happened.';
comment on column asterisk.queue_log.data1 is 'First parameter of the event.';
comment on column asterisk.queue_log.data2 is 'Second parameter of the event.';
comment on column asterisk.queue_log.data3 is 'Third parameter of the event.';
comment on column asterisk.queue_log.data4 is 'Fourth parameter of the event.';
comment on column asterisk.queue_log.data5 is 'Fifth parameter of the event.';

-- The day is held against the month, so that nothing in it can fail.
create function asterisk.queue_log_time(written text)
  returns timestamptz
  language sql
  stable
  parallel safe
  return case
    when written !~ '^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?$' then null
    when substr(written, 9, 2)::integer <= extract(day from (substr(written, 1, 8) || '01')::date + interval '1 month - 1 day') then written::timestamp at time zone 'UTC'
  end;

comment on function asterisk.queue_log_time(text) is 'The time of a line as logger.c writes it, in UTC; null when it is none.';

-- A statement may come twice, so the same event of the same microsecond is taken once. A line is never lost: what is too long
-- is cut, and a time that cannot be is kept beside that of the arrival. Lines about members are Peerage's own (queue_login_log).
create function asterisk.queue_log_write()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Where the line would stand is a range to the planner, of which it would think anew each time.
  set plan_cache_mode = force_generic_plan
as $$
declare
  arrived constant timestamptz := clock_timestamp();
  whole constant text := concat_ws(
    '', new.callid, new.queuename, new.agent, new.event, new.data1, new.data2, new.data3, new.data4, new.data5
  );
  happened timestamptz := asterisk.queue_log_time(new.time);
  -- From when on a line like this would be the same one.
  since timestamptz := happened;
  bad text;
  whose record;
begin
  -- Asterisk writes that a caller has come before it reads the members.
  perform peerage.end_rests();

  -- How far back is a question of trust: a node writes at once, or not at all. Who forwards what happened during an outage is a
  -- member of peerage_forwarder.
  if (happened between arrived - interval '1 hour' and arrived + interval '5 minutes') is not true
    and not (happened is not null and happened between arrived - interval '31 days' and arrived and pg_has_role(session_user, 'peerage_forwarder', 'member'))
  then
    bad := peerage.read_line(new.time, 80);
    happened := arrived;
    -- A repetition comes at once.
    since := arrived - interval '10 seconds';
  end if;
  -- As a rule there is nothing to cut, and nothing but ASCII. A row is a line: what would end one does not come in.
  if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole like '%^%' or whole ~ '[\u0001-\u001f\u007f]' then
    new.callid := peerage.read_line(new.callid, 255);
    new.queuename := peerage.read_line(new.queuename, 255);
    new.agent := peerage.read_line(new.agent, 255);
    new.event := peerage.read_line(new.event, 255);
    new.data1 := peerage.read_line(new.data1, 1000);
    new.data2 := peerage.read_line(new.data2, 1000);
    new.data3 := peerage.read_line(new.data3, 1000);
    new.data4 := peerage.read_line(new.data4, 1000);
    new.data5 := peerage.read_line(new.data5, 1000);
  end if;

  if nullif(new.agent, 'NONE') <> '' then
    select *
    into whose
    from peerage.logged_agent(new.agent, new.callid, happened);
    -- A node that serves named sites tells of their agents alone.
    if exists (
      select
      from peerage.node as node
      where node.login = session_user::text
        and not node.all_sites
        and not exists (
          select
          from peerage.agent as agent
            join peerage.sip_account as own on own.id = agent.account_id
            join peerage.node_site as served on served.site_id = own.site_id
          where agent.id = whose.agent_id
            and served.login = node.login
        )
    ) then
      select
        null::bigint as agent_id,
        null::text as agent_number
      into whose;
    end if;
    if whose.agent_id is not null
      and new.event in ('ADDMEMBER', 'REMOVEMEMBER', 'PAUSE', 'UNPAUSE')
      -- Of a member whom the node has from elsewhere (queues.conf, AddQueueMember) the node alone tells.
      and (
        exists (
          select
          from peerage.queue_login as login
            join peerage.agent_session as session on session.id = login.session_id
          where session.agent_id = whose.agent_id
            and session.ended_at is null
            and login.queue_name = new.queuename
        )
        -- That somebody left is read with the next call of the queue.
        or new.event = 'REMOVEMEMBER'
        and exists (
          select
          from peerage.queue_log as log
          where log.agent_id = whose.agent_id
            and log.time > arrived - interval '31 days'
            and log.queuename = new.queuename
            and log.event = 'REMOVEMEMBER'
            and log.node = ''
        )
      )
    then
      -- Peerage has written it with the change, once for all nodes. Asterisk 16 says why only here.
      if new.event = 'PAUSE' and new.data1 <> '' then
        update peerage.queue_log as log
        set data1 = new.data1
        where log.id = (
            select last.id
            from peerage.queue_log as last
            where last.agent_id = whose.agent_id
              and last.time between happened - interval '1 minute' and happened + interval '1 minute'
              and last.queuename = new.queuename
              and last.event in ('PAUSE', 'UNPAUSE')
            order by
              last.time desc,
              last.id desc
            limit 1
          )
          and log.event = 'PAUSE'
          and log.data1 is null;
      end if;
      return new;
    end if;
  else
    select
      null::bigint as agent_id,
      null::text as agent_number
    into whose;
  end if;

  insert into peerage.queue_log (
    time,
    callid,
    queuename,
    agent,
    event,
    data1,
    data2,
    data3,
    data4,
    data5,
    node,
    written_at,
    bad_time,
    agent_id,
    agent_number
  )
  select
    happened,
    nullif(new.callid, ''),
    nullif(new.queuename, ''),
    nullif(new.agent, ''),
    nullif(new.event, ''),
    nullif(new.data1, ''),
    nullif(new.data2, ''),
    nullif(new.data3, ''),
    nullif(new.data4, ''),
    nullif(new.data5, ''),
    coalesce(
      (
        select node.name
        from peerage.node as node
        where node.login = session_user::text
      ),
      session_user
    ),
    arrived,
    bad,
    whose.agent_id,
    whose.agent_number
  where not exists (
    select
    from peerage.queue_log as log
    where log.time between since and happened
      and log.bad_time is not distinct from bad
      and log.callid is not distinct from nullif(new.callid, '')
      and log.queuename is not distinct from nullif(new.queuename, '')
      and log.agent is not distinct from nullif(new.agent, '')
      and log.event is not distinct from nullif(new.event, '')
      and log.data1 is not distinct from nullif(new.data1, '')
      and log.data2 is not distinct from nullif(new.data2, '')
      and log.data3 is not distinct from nullif(new.data3, '')
      and log.data4 is not distinct from nullif(new.data4, '')
      and log.data5 is not distinct from nullif(new.data5, '')
  );
  return new;
end
$$;

comment on function asterisk.queue_log_write() is 'Takes a line of the queue log, bounded.';

create trigger queue_log_write
  instead of insert on asterisk.queue_log
  for each row
  execute function asterisk.queue_log_write();
