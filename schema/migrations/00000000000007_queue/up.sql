-- Queues, who is assigned to them, and the reasons for a pause.

-- app_queue among the members of a queue, and chan_sip in its memory (rtcachefriends), take numbers that differ in case
-- only for one.
create unique index sip_account_number_lower_key on peerage.sip_account (lower(number));

comment on column peerage.sip_account.number is 'Extension, endpoint, AOR and user name in one; case-sensitive, but no two differ in case only. `_` and `%` are wildcards in Asterisk''s LIKE and are refused.';

-- Options of queues, by what app_queue makes of their values (22.10.1, queue_set_param).
create function peerage.queue_option_kind(name text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return case
    when name in (
      'announce_frequency', 'announce_position_limit', 'autopausedelay', 'memberdelay', 'min_announce_frequency', 'penaltymemberslimit',
      'periodic_announce_frequency'
    ) then 'number'
    when name in (
      'announce_to_first_user', 'autofill', 'autopausebusy', 'autopauseunavail', 'log_restricted_caller_id', 'random_periodic_announce',
      'relative_periodic_announce', 'reportholdtime', 'setinterfacevar', 'setqueueentryvar', 'setqueuevar', 'timeoutrestart'
    ) then 'yes_no'
    when name = 'announce_holdtime' then 'holdtime'
    when name = 'announce_position' then 'position'
    when name = 'announce_round_seconds' then 'rounding'
    when name = 'timeoutpriority' then 'priority'
    when name in (
      'announce', 'context', 'defaultrule', 'membergosub', 'monitor_format', 'periodic_announce', 'queue_callerannounce',
      'queue_callswaiting', 'queue_holdtime', 'queue_minute', 'queue_minutes', 'queue_quantity1', 'queue_quantity2', 'queue_reporthold',
      'queue_seconds', 'queue_thankyou', 'queue_thereare', 'queue_youarenext'
    ) then 'text'
  end;

comment on function peerage.queue_option_kind(text) is 'What the value of an option of app_queue is: number, yes_no, holdtime, position, rounding, priority or text; null when there is no such option, or when it has a column of its own.';

create function peerage.queue_option_rule(kind text)
  returns text
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
  return case kind
    when 'number' then 'a whole number from 0 to 999999'
    when 'yes_no' then 'yes or no'
    when 'holdtime' then 'yes, no or once'
    when 'position' then 'yes, no, limit or more'
    when 'rounding' then '0, 5, 10, 15, 20 or 30'
    when 'priority' then 'app or conf'
    when 'text' then '1 to 128 characters, no control characters'
    else 'the name of an option of app_queue that has no field of its own, as queues.conf has it, with `_` in place of `-`'
  end;

comment on function peerage.queue_option_rule(text) is 'What a value of this kind may be, in words.';

create function peerage.is_queue_option(name text, value text)
  returns boolean
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
  return char_length(value) between 1 and 128
    and value !~ '[\u0001-\u001f\u007f-\u009f]'
    and coalesce(
      case peerage.queue_option_kind(name)
        when 'number' then value ~ '^[0-9]{1,6}$'
        when 'yes_no' then value in ('yes', 'no', 'true', 'false', 'on', 'off', '1', '0')
        when 'holdtime' then value in ('yes', 'no', 'once', 'true', 'false', 'on', 'off', '1', '0')
        when 'position' then value in ('yes', 'no', 'limit', 'more', 'true', 'false', 'on', 'off', '1', '0')
        when 'rounding' then value in ('0', '5', '10', '15', '20', '30')
        when 'priority' then value in ('app', 'conf')
        when 'text' then true
      end,
      false
    );

comment on function peerage.is_queue_option(text, text) is 'Whether app_queue knows an option of this name, and takes this value as it is meant.';

-- With the owner's rights, because what it calls is no part of the check and whoever writes a queue has no right to it.
create function peerage.refuse_queue_options(options jsonb)
  returns boolean
  language plpgsql
  immutable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  wrong record;
begin
  if jsonb_typeof(options) <> 'object' then
    perform peerage.refuse('queue', 'queue_options_check', 'options', left(options::text, 80), 'an object of app_queue''s options');
  end if;
  select
    option.key as name,
    option.value #>> '{}' as value
  into wrong
  from jsonb_each(options) as option
  where jsonb_typeof(option.value) <> 'string'
    or not peerage.is_queue_option(option.key, option.value #>> '{}')
  order by option.key
  limit 1;
  if found then
    perform peerage.refuse(
      'queue',
      'queue_options_check',
      'options',
      left(wrong.name || '=' || coalesce(wrong.value, ''), 200),
      peerage.queue_option_rule(peerage.queue_option_kind(wrong.name))
    );
  end if;
  return true;
end
$$;

comment on function peerage.refuse_queue_options(jsonb) is 'Refuses the first option that is none of app_queue''s, or whose value app_queue does not take; true when there is none.';

create function peerage.are_empty_words(words text)
  returns boolean
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return words in ('yes', 'no', 'strict', 'loose')
    or words <> '' and string_to_array(words, ',') <@ array['paused', 'penalty', 'inuse', 'ringing', 'unavailable', 'invalid', 'unknown', 'wrapup'];

comment on function peerage.are_empty_words(text) is 'Whether app_queue understands this for joinempty and leavewhenempty (parse_empty_options).';

create table peerage.queue (
  id bigint generated always as identity,
  name text collate "C" not null,
  description text,
  strategy text not null default 'ringall',
  timeout_seconds integer not null default 15,
  retry_seconds integer not null default 5,
  wrapup_seconds integer not null default 0,
  max_length integer not null default 0,
  weight integer not null default 0,
  service_level_seconds integer not null default 60,
  ring_in_use boolean not null default false,
  autopause text not null default 'no',
  join_empty text not null default 'yes',
  leave_when_empty text not null default 'no',
  music_class text,
  options jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  constraint queue_id_pk primary key (id),
  constraint queue_name_key unique (name),
  constraint queue_name_check check (
    case
      when name ~ '^[0-9A-Za-z_.-]{1,79}$' and name <> 'peerage-probe' then true
      else peerage.refuse('queue', 'queue_name_check', 'name', name, '1 to 79 letters, digits, `_`, `.` or `-`; peerage-probe is taken')
    end
  ),
  constraint queue_description_check check (
    case
      when description is null or char_length(description) between 1 and 500 then true
      else peerage.refuse('queue', 'queue_description_check', 'description', left(description, 40) || '...', '1 to 500 characters')
    end
  ),
  constraint queue_strategy_check check (
    case
      when strategy in ('ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory', 'linear', 'wrandom', 'rrordered') then true
      else peerage.refuse('queue', 'queue_strategy_check', 'strategy', strategy, 'one of ringall, leastrecent, fewestcalls, random, rrmemory, linear, wrandom, rrordered')
    end
  ),
  constraint queue_timeout_seconds_check check (
    case
      when timeout_seconds between 0 and 3600 then true
      else peerage.refuse('queue', 'queue_timeout_seconds_check', 'timeout_seconds', timeout_seconds::text, '0 to 3600 seconds; 0 rings without end')
    end
  ),
  constraint queue_retry_seconds_check check (
    case
      when retry_seconds between 1 and 3600 then true
      else peerage.refuse('queue', 'queue_retry_seconds_check', 'retry_seconds', retry_seconds::text, '1 to 3600 seconds')
    end
  ),
  constraint queue_wrapup_seconds_check check (
    case
      when wrapup_seconds between 0 and 86400 then true
      else peerage.refuse('queue', 'queue_wrapup_seconds_check', 'wrapup_seconds', wrapup_seconds::text, '0 to 86400 seconds')
    end
  ),
  constraint queue_max_length_check check (
    case
      when max_length between 0 and 100000 then true
      else peerage.refuse('queue', 'queue_max_length_check', 'max_length', max_length::text, '0 to 100000 calls; 0 is no limit')
    end
  ),
  constraint queue_weight_check check (
    case
      when weight between 0 and 1000 then true
      else peerage.refuse('queue', 'queue_weight_check', 'weight', weight::text, '0 to 1000')
    end
  ),
  constraint queue_service_level_seconds_check check (
    case
      when service_level_seconds between 0 and 86400 then true
      else peerage.refuse('queue', 'queue_service_level_seconds_check', 'service_level_seconds', service_level_seconds::text, '0 to 86400 seconds')
    end
  ),
  constraint queue_autopause_check check (
    case
      when autopause in ('yes', 'no', 'all') then true
      else peerage.refuse('queue', 'queue_autopause_check', 'autopause', autopause, 'one of yes, no, all')
    end
  ),
  constraint queue_join_empty_check check (
    case
      when peerage.are_empty_words(join_empty) then true
      else peerage.refuse('queue', 'queue_join_empty_check', 'join_empty', left(join_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks')
    end
  ),
  constraint queue_leave_when_empty_check check (
    case
      when peerage.are_empty_words(leave_when_empty) then true
      else peerage.refuse('queue', 'queue_leave_when_empty_check', 'leave_when_empty', left(leave_when_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks')
    end
  ),
  constraint queue_music_class_check check (
    case
      when music_class is null or music_class ~ '^[0-9A-Za-z_.-]{1,79}$' then true
      else peerage.refuse('queue', 'queue_music_class_check', 'music_class', music_class, '1 to 79 letters, digits, `_`, `.` or `-`')
    end
  ),
  constraint queue_options_check check (peerage.refuse_queue_options(options))
);

-- app_queue takes queues whose names differ in case only for one (strcasecmp), and mixes up their members.
create unique index queue_name_lower_key on peerage.queue (lower(name));

comment on table peerage.queue is 'A queue of app_queue.';
comment on column peerage.queue.id is 'Surrogate key; never reused.';
comment on column peerage.queue.name is 'Name, as Queue() is called with it; no two differ in case only.';
comment on column peerage.queue.description is 'Free text; null for none.';
comment on column peerage.queue.strategy is 'Who rings first. A change to linear or rrordered needs a restart of Asterisk. The order of linear is the one in which Asterisk has read the members: nobody can set it.';
comment on column peerage.queue.timeout_seconds is 'Seconds a member rings.';
comment on column peerage.queue.retry_seconds is 'Seconds before the next member rings.';
comment on column peerage.queue.wrapup_seconds is 'Seconds of rest after a call.';
comment on column peerage.queue.max_length is 'Most callers; 0 is no limit.';
comment on column peerage.queue.weight is 'Queues of more weight are served first.';
comment on column peerage.queue.service_level_seconds is 'Seconds within which a call should be answered.';
comment on column peerage.queue.ring_in_use is 'Whether a member with a call rings.';
comment on column peerage.queue.autopause is 'Whether a missed ring pauses: no, yes (this queue), all.';
comment on column peerage.queue.join_empty is 'When a caller may join although nobody is there.';
comment on column peerage.queue.leave_when_empty is 'When a waiting caller is sent away.';
comment on column peerage.queue.music_class is 'Class of music on hold; null: the channel''s.';
comment on column peerage.queue.options is 'app_queue''s other options by name.';
comment on column peerage.queue.created_at is 'When the row was made.';

create table peerage.queue_assignment (
  id bigint generated always as identity,
  queue_id bigint not null,
  agent_id bigint not null,
  penalty integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  constraint queue_assignment_id_pk primary key (id),
  constraint queue_assignment_agent_id_queue_id_key unique (agent_id, queue_id),
  constraint queue_assignment_queue_id_fk foreign key (queue_id) references peerage.queue (id) on delete cascade,
  constraint queue_assignment_agent_id_fk foreign key (agent_id) references peerage.agent (id),
  constraint queue_assignment_penalty_check check (
    case
      when penalty between 0 and 1000 then true
      else peerage.refuse('queue_assignment', 'queue_assignment_penalty_check', 'penalty', penalty::text, '0 to 1000')
    end
  )
);

create index queue_assignment_queue_id_idx on peerage.queue_assignment (queue_id);

comment on table peerage.queue_assignment is 'Which queues an agent joins at login.';
comment on column peerage.queue_assignment.id is 'Surrogate key; never reused.';
comment on column peerage.queue_assignment.queue_id is 'The queue.';
comment on column peerage.queue_assignment.agent_id is 'The agent.';
comment on column peerage.queue_assignment.penalty is 'Members of lower penalty ring first.';
comment on column peerage.queue_assignment.created_at is 'When the row was made.';

create table peerage.pause_reason (
  id bigint generated always as identity,
  code text not null,
  label text not null,
  productive boolean not null default false,
  max_seconds integer,
  selectable boolean not null default true,
  is_default boolean not null default false,
  system boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  constraint pause_reason_id_pk primary key (id),
  constraint pause_reason_code_key unique (code),
  constraint pause_reason_code_check check (
    case
      when code ~ '^[0-9A-Za-z_-]{1,40}$' then true
      else peerage.refuse('pause_reason', 'pause_reason_code_check', 'code', code, '1 to 40 letters, digits, `_` or `-`')
    end
  ),
  constraint pause_reason_label_check check (
    case
      when char_length(label) between 1 and 80 and label !~ '[\u0001-\u001f\u007f-\u009f]' then true
      else peerage.refuse('pause_reason', 'pause_reason_label_check', 'label', label, '1 to 80 characters, no control characters')
    end
  ),
  constraint pause_reason_max_seconds_check check (
    case
      when max_seconds is null or max_seconds between 1 and 86400 then true
      else peerage.refuse('pause_reason', 'pause_reason_max_seconds_check', 'max_seconds', max_seconds::text, '1 to 86400 seconds')
    end
  ),
  constraint pause_reason_system_check check (
    case
      when not (system and (selectable or is_default)) then true
      else peerage.refuse('pause_reason', 'pause_reason_system_check', 'selectable', 'yes', 'a reason of the system is never offered')
    end
  ),
  constraint pause_reason_is_default_check check (
    case
      when selectable or not is_default then true
      else peerage.refuse('pause_reason', 'pause_reason_is_default_check', 'is_default', 'yes', 'the default reason must be one that is offered')
    end
  )
);

create unique index pause_reason_is_default_key
  on peerage.pause_reason (is_default)
  where is_default;

comment on table peerage.pause_reason is 'Why an agent pauses.';
comment on column peerage.pause_reason.id is 'Surrogate key; never reused.';
comment on column peerage.pause_reason.code is 'What Asterisk and its logs read.';
comment on column peerage.pause_reason.label is 'What people read.';
comment on column peerage.pause_reason.productive is 'Whether it counts as work.';
comment on column peerage.pause_reason.max_seconds is 'Longest it should last; null for no limit.';
comment on column peerage.pause_reason.selectable is 'Whether agents are offered it.';
comment on column peerage.pause_reason.is_default is 'Whether it is meant when none is given; at most one.';
comment on column peerage.pause_reason.system is 'Whether Peerage itself gives it: never offered.';
comment on column peerage.pause_reason.created_at is 'When the row was made.';

insert into peerage.pause_reason (code, label, selectable, system)
values
  ('login', 'Logged in paused', false, true),
  ('after-call', 'After this call', false, true),
  ('Auto-Pause', 'Missed a call', false, true),
  ('supervisor', 'Paused by a supervisor', false, true),
  ('connection-lost', 'Connection lost', false, true);

insert into peerage.pause_reason (code, label, is_default)
values ('pause', 'Pause', true);

create table peerage.queue_rule (
  id bigint generated always as identity,
  name text collate "C" not null,
  after_seconds integer not null,
  min_penalty text,
  max_penalty text,
  raise_penalty text,
  constraint queue_rule_id_pk primary key (id),
  constraint queue_rule_name_after_seconds_key unique (name, after_seconds),
  constraint queue_rule_name_check check (
    case
      when name ~ '^[0-9A-Za-z_.-]{1,79}$' then true
      else peerage.refuse('queue_rule', 'queue_rule_name_check', 'name', name, '1 to 79 letters, digits, `_`, `.` or `-`')
    end
  ),
  constraint queue_rule_after_seconds_check check (
    case
      when after_seconds between 0 and 86400 then true
      else peerage.refuse('queue_rule', 'queue_rule_after_seconds_check', 'after_seconds', after_seconds::text, '0 to 86400 seconds')
    end
  ),
  constraint queue_rule_min_penalty_check check (
    case
      when min_penalty is null or min_penalty ~ '^[+-]?[0-9]{1,6}$' then true
      else peerage.refuse('queue_rule', 'queue_rule_min_penalty_check', 'min_penalty', min_penalty, 'a number, or a change such as +1 or -2')
    end
  ),
  constraint queue_rule_max_penalty_check check (
    case
      when max_penalty is null or max_penalty ~ '^[+-]?[0-9]{1,6}$' then true
      else peerage.refuse('queue_rule', 'queue_rule_max_penalty_check', 'max_penalty', max_penalty, 'a number, or a change such as +1 or -2')
    end
  ),
  constraint queue_rule_raise_penalty_check check (
    case
      when raise_penalty is null or raise_penalty ~ '^r?[+-]?[0-9]{1,6}$' then true
      else peerage.refuse('queue_rule', 'queue_rule_raise_penalty_check', 'raise_penalty', raise_penalty, 'a number, or a change such as +1 or -2; `r` before it keeps to QUEUE_MIN_PENALTY')
    end
  )
);

comment on table peerage.queue_rule is 'Steps by which the penalties that count change while a caller waits. Asterisk reads them at load (realtime_rules=yes).';
comment on column peerage.queue_rule.id is 'Surrogate key; never reused.';
comment on column peerage.queue_rule.name is 'Name of the rule: defaultrule of a queue.';
comment on column peerage.queue_rule.after_seconds is 'Seconds waited until the step.';
comment on column peerage.queue_rule.min_penalty is 'New QUEUE_MIN_PENALTY, or its change; null leaves it.';
comment on column peerage.queue_rule.max_penalty is 'New QUEUE_MAX_PENALTY, or its change; null leaves it.';
comment on column peerage.queue_rule.raise_penalty is 'New QUEUE_RAISE_PENALTY, or its change; null leaves it. `r` before it: penalties under QUEUE_MIN_PENALTY are not raised (not known to Asterisk 16).';
