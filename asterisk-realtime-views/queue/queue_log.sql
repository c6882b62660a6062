-- object:   queue_log
-- module:   logger (main/logger.c: ast_queue_log)
-- read:     never
-- write:    insert, for each event of a queue
-- asterisk: 16 to 23
-- site:     none

create view asterisk.queue_log as
select
  to_char(log.time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as time,
  log.callid as callid,
  log.queuename as queuename,
  log.agent as agent,
  log.event as event,
  log.data1 as data1,
  log.data2 as data2,
  log.data3 as data3,
  log.data4 as data4,
  log.data5 as data5
from peerage.queue_log as log;

comment on view asterisk.queue_log is 'Log of the queues.';
comment on column asterisk.queue_log.time is 'Time in UTC: queue_log_realtime_use_gmt=yes.';
comment on column asterisk.queue_log.callid is 'Unique id of the call, or NONE, REALTIME, MANAGER.';
comment on column asterisk.queue_log.queuename is 'The queue, or NONE.';
comment on column asterisk.queue_log.agent is 'Member name, or NONE.';
comment on column asterisk.queue_log.event is 'What happened.';
comment on column asterisk.queue_log.data1 is 'First parameter of the event.';
comment on column asterisk.queue_log.data2 is 'Second parameter of the event.';
comment on column asterisk.queue_log.data3 is 'Third parameter of the event.';
comment on column asterisk.queue_log.data4 is 'Fourth parameter of the event.';
comment on column asterisk.queue_log.data5 is 'Fifth parameter of the event.';

-- A statement may come twice, so the same event of the same microsecond is taken once.
create function asterisk.queue_log_write()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  happened timestamptz := coalesce(nullif(new.time, '')::timestamp at time zone 'UTC', clock_timestamp());
begin
  insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3, data4, data5, node)
  select
    happened,
    nullif(peerage.unwire(new.callid), ''),
    nullif(peerage.unwire(new.queuename), ''),
    nullif(peerage.unwire(new.agent), ''),
    nullif(peerage.unwire(new.event), ''),
    nullif(peerage.unwire(new.data1), ''),
    nullif(peerage.unwire(new.data2), ''),
    nullif(peerage.unwire(new.data3), ''),
    nullif(peerage.unwire(new.data4), ''),
    nullif(peerage.unwire(new.data5), ''),
    current_setting('application_name')
  where not exists (
    select
    from peerage.queue_log as log
    where log.time = happened
      and log.callid is not distinct from nullif(peerage.unwire(new.callid), '')
      and log.queuename is not distinct from nullif(peerage.unwire(new.queuename), '')
      and log.agent is not distinct from nullif(peerage.unwire(new.agent), '')
      and log.event is not distinct from nullif(peerage.unwire(new.event), '')
      and log.data1 is not distinct from nullif(peerage.unwire(new.data1), '')
      and log.data2 is not distinct from nullif(peerage.unwire(new.data2), '')
      and log.data3 is not distinct from nullif(peerage.unwire(new.data3), '')
      and log.data4 is not distinct from nullif(peerage.unwire(new.data4), '')
      and log.data5 is not distinct from nullif(peerage.unwire(new.data5), '')
  );
  return new;
end
$$;

comment on function asterisk.queue_log_write() is 'Takes a line of the queue log.';

create trigger queue_log_write
  instead of insert on asterisk.queue_log
  for each row
  execute function asterisk.queue_log_write();
