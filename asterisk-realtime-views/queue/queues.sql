-- object:   queues
-- module:   app_queue (apps/app_queue.c: find_load_queue_rt_friendly)
-- read:     by name, each time a caller joins or leaves; whole for `queue show`
-- write:    never
-- asterisk: 16 to 23
-- site:     none

-- The options: for a node the bytes of its UTF-8 (peerage.sent, here in full: to put a function in its place costs as much as the lookup).
create view asterisk.queues as
select
  queue.name as name,
  queue.music_class as musiconhold,
  queue.strategy as strategy,
  queue.timeout_seconds::text as timeout,
  queue.retry_seconds::text as retry,
  queue.wrapup_seconds::text as wrapuptime,
  queue.max_length::text as maxlen,
  queue.weight::text as weight,
  queue.service_level_seconds::text as servicelevel,
  case
    when queue.ring_in_use then 'yes'
    else 'no'
  end as ringinuse,
  queue.autopause as autopause,
  queue.join_empty as joinempty,
  queue.leave_when_empty as leavewhenempty,
  peerage.wire(told.options ->> 'announce') as announce,
  peerage.wire(told.options ->> 'announce_frequency') as announce_frequency,
  peerage.wire(told.options ->> 'announce_holdtime') as announce_holdtime,
  peerage.wire(told.options ->> 'announce_position') as announce_position,
  peerage.wire(told.options ->> 'announce_position_limit') as announce_position_limit,
  peerage.wire(told.options ->> 'announce_round_seconds') as announce_round_seconds,
  peerage.wire(told.options ->> 'announce_to_first_user') as announce_to_first_user,
  peerage.wire(told.options ->> 'autofill') as autofill,
  peerage.wire(told.options ->> 'autopausebusy') as autopausebusy,
  peerage.wire(told.options ->> 'autopausedelay') as autopausedelay,
  peerage.wire(told.options ->> 'autopauseunavail') as autopauseunavail,
  peerage.wire(told.options ->> 'context') as context,
  peerage.wire(told.options ->> 'defaultrule') as defaultrule,
  peerage.wire(told.options ->> 'log_restricted_caller_id') as log_restricted_caller_id,
  peerage.wire(told.options ->> 'memberdelay') as memberdelay,
  peerage.wire(told.options ->> 'membergosub') as membergosub,
  peerage.wire(told.options ->> 'min_announce_frequency') as min_announce_frequency,
  peerage.wire(told.options ->> 'monitor_format') as monitor_format,
  peerage.wire(told.options ->> 'penaltymemberslimit') as penaltymemberslimit,
  peerage.wire(told.options ->> 'periodic_announce') as periodic_announce,
  peerage.wire(told.options ->> 'periodic_announce_frequency') as periodic_announce_frequency,
  peerage.wire(told.options ->> 'queue_callerannounce') as queue_callerannounce,
  peerage.wire(told.options ->> 'queue_callswaiting') as queue_callswaiting,
  peerage.wire(told.options ->> 'queue_holdtime') as queue_holdtime,
  peerage.wire(told.options ->> 'queue_minute') as queue_minute,
  peerage.wire(told.options ->> 'queue_minutes') as queue_minutes,
  peerage.wire(told.options ->> 'queue_quantity1') as queue_quantity1,
  peerage.wire(told.options ->> 'queue_quantity2') as queue_quantity2,
  peerage.wire(told.options ->> 'queue_reporthold') as queue_reporthold,
  peerage.wire(told.options ->> 'queue_seconds') as queue_seconds,
  peerage.wire(told.options ->> 'queue_thankyou') as queue_thankyou,
  peerage.wire(told.options ->> 'queue_thereare') as queue_thereare,
  peerage.wire(told.options ->> 'queue_youarenext') as queue_youarenext,
  peerage.wire(told.options ->> 'random_periodic_announce') as random_periodic_announce,
  peerage.wire(told.options ->> 'relative_periodic_announce') as relative_periodic_announce,
  peerage.wire(told.options ->> 'reportholdtime') as reportholdtime,
  peerage.wire(told.options ->> 'setinterfacevar') as setinterfacevar,
  peerage.wire(told.options ->> 'setqueueentryvar') as setqueueentryvar,
  peerage.wire(told.options ->> 'setqueuevar') as setqueuevar,
  peerage.wire(told.options ->> 'timeoutpriority') as timeoutpriority,
  peerage.wire(told.options ->> 'timeoutrestart') as timeoutrestart
from peerage.queue as queue
  cross join lateral (
    select case
      when octet_length(queue.options::text) = char_length(queue.options::text) or pg_client_encoding() <> 'LATIN1' then queue.options
      else convert_from(convert_to(queue.options::text, 'UTF8'), 'LATIN1')::jsonb
    end as options
    offset 0
  ) as told;

comment on view asterisk.queues is 'Queues as app_queue reads them; null means its default.';
comment on column asterisk.queues.name is 'Name of the queue.';
comment on column asterisk.queues.musiconhold is 'Class of music on hold; null: the channel''s.';
comment on column asterisk.queues.strategy is 'Who rings first.';
comment on column asterisk.queues.timeout is 'Seconds a member rings.';
comment on column asterisk.queues.retry is 'Seconds before the next member rings.';
comment on column asterisk.queues.wrapuptime is 'Seconds of rest after a call.';
comment on column asterisk.queues.maxlen is 'Most callers; 0 is no limit.';
comment on column asterisk.queues.weight is 'Queues of more weight are served first.';
comment on column asterisk.queues.servicelevel is 'Seconds within which a call should be answered.';
comment on column asterisk.queues.ringinuse is 'Whether a member with a call rings.';
comment on column asterisk.queues.autopause is 'no, yes or all.';
comment on column asterisk.queues.joinempty is 'When a caller may join.';
comment on column asterisk.queues.leavewhenempty is 'When a waiting caller is sent away.';
comment on column asterisk.queues.announce is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_frequency is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_holdtime is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_position is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_position_limit is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_round_seconds is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.announce_to_first_user is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.autofill is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.autopausebusy is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.autopausedelay is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.autopauseunavail is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.context is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.defaultrule is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.log_restricted_caller_id is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.memberdelay is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.membergosub is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.min_announce_frequency is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.monitor_format is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.penaltymemberslimit is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.periodic_announce is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.periodic_announce_frequency is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_callerannounce is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_callswaiting is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_holdtime is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_minute is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_minutes is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_quantity1 is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_quantity2 is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_reporthold is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_seconds is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_thankyou is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_thereare is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.queue_youarenext is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.random_periodic_announce is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.relative_periodic_announce is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.reportholdtime is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.setinterfacevar is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.setqueueentryvar is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.setqueuevar is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.timeoutpriority is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
comment on column asterisk.queues.timeoutrestart is 'Option of app_queue of that name (with `-` for `_`); null: its default.';
