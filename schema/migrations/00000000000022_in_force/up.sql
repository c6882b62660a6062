-- What is said holds: queues are told what app_queue understands, the rest after a call survives a change of place, and who may not
-- register any more is registered no more.

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

-- What app_queue did not understand it left out, so leaving it out here changes nothing.
do $$
begin
  perform set_config('peerage.actor', 'migration', true);
  update peerage.queue
  set
    join_empty = coalesce(
      (
        select string_agg(word, ',')
        from unnest(string_to_array(join_empty, ',')) as word
        where word in ('paused', 'penalty', 'inuse', 'ringing', 'unavailable', 'invalid', 'unknown', 'wrapup')
      ),
      'yes'
    )
  where not peerage.are_empty_words(join_empty);
  update peerage.queue
  set
    leave_when_empty = coalesce(
      (
        select string_agg(word, ',')
        from unnest(string_to_array(leave_when_empty, ',')) as word
        where word in ('paused', 'penalty', 'inuse', 'ringing', 'unavailable', 'invalid', 'unknown', 'wrapup')
      ),
      'no'
    )
  where not peerage.are_empty_words(leave_when_empty);
  update peerage.queue
  set
    options = (
      select coalesce(jsonb_object_agg(option.key, option.value), '{}')
      from jsonb_each(options) as option
      where peerage.is_queue_option(option.key, option.value #>> '{}')
    )
  where exists (
    select
    from jsonb_each(options) as option
    where not peerage.is_queue_option(option.key, option.value #>> '{}')
  );
end
$$;

alter table peerage.queue
  drop constraint queue_options_check,
  drop constraint queue_join_empty_check,
  drop constraint queue_leave_when_empty_check;

drop function peerage.are_queue_options(jsonb);

alter table peerage.queue
  add constraint queue_options_check check (peerage.refuse_queue_options(options)),
  add constraint queue_join_empty_check check (
    case
      when peerage.are_empty_words(join_empty) then true
      else peerage.refuse('queue', 'queue_join_empty_check', 'join_empty', left(join_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks')
    end
  ),
  add constraint queue_leave_when_empty_check check (
    case
      when peerage.are_empty_words(leave_when_empty) then true
      else peerage.refuse('queue', 'queue_leave_when_empty_check', 'leave_when_empty', left(leave_when_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks')
    end
  );

comment on column peerage.queue.strategy is 'Who rings first. A change to linear or rrordered needs a restart of Asterisk. The order of linear is the one in which Asterisk has read the members: nobody can set it.';

-- app_queue measures the rest after a call from what it remembers of a member, and takes one who has moved for another.
alter table peerage.queue_login add column rests_until timestamptz;

comment on column peerage.queue_login.rests_until is 'End of the rest after a call that an earlier membership of the agent in this queue still had; until then app_queue reads the member as paused. Null for none.';

create function peerage.queue_login_rests()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.rests_until := (
    select least(max(log.time), clock_timestamp()) + make_interval(secs => queue.wrapup_seconds)
    from peerage.queue as queue
      join peerage.agent_session as session on session.id = new.session_id
      join peerage.queue_log as log on log.agent_id = session.agent_id
        and log.time > clock_timestamp() - make_interval(secs => queue.wrapup_seconds)
        and log.queuename = queue.name
        and log.event in ('COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER')
    where queue.id = new.queue_id
      and queue.wrapup_seconds > 0
    group by queue.id
  );
  return new;
end
$$;

comment on function peerage.queue_login_rests() is 'Carries what is left of the rest after a call over to a new member.';

create trigger queue_login_rests
  before insert or update of uniqueid on peerage.queue_login
  for each row
  execute function peerage.queue_login_rests();

-- What a node keeps in memory holds until it is told otherwise, or so long.
alter table peerage.node
  add column cache_seconds integer,
  add constraint node_cache_seconds_check check (
    case
      when cache_seconds is null or cache_seconds between 0 and 86400 then true
      else peerage.refuse('node', 'node_cache_seconds_check', 'cache_seconds', cache_seconds::text, '0 to 86400 seconds')
    end
  ),
  add column keeps_peers boolean not null default false;

comment on column peerage.node.cache_seconds is 'How long its PJSIP keeps what it has read when nobody tells it of a change, as its configuration was last written; 0 keeps nothing. Null: not known, a day where there is a Manager interface.';
grant update (cache_seconds, keeps_peers) on peerage.node to peerage_app;

comment on column peerage.node.keeps_peers is 'Whether its chan_sip keeps peers in memory until it is told of a change, however long that takes.';

-- Who is disabled, or has another secret, registers anew or not at all; calls do not go on to whoever knew the old one.
create function peerage.drop_registrations(of_account bigint, of_number text)
  returns void
  language sql
  volatile
  set search_path = pg_catalog, pg_temp
begin atomic
  -- A contact that is bound at this moment is either here already, or finds the account as it now is.
  select
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(of_number) & 1023)
  for no key update;

  delete from peerage.sip_contact
  where account_id = of_account;

  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0',
    written_at = clock_timestamp()
  where number = of_number
    and expires_at is not null;
end;

comment on function peerage.drop_registrations(bigint, text) is 'Ends all registrations of an account, whichever nodes wrote them.';

create function peerage.sip_account_unregisters()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.drop_registrations(new.id, new.number);
  return null;
end
$$;

comment on function peerage.sip_account_unregisters() is 'Ends the registrations of an account that is disabled, or whose secret is another.';

create trigger sip_account_unregisters
  after update of disabled on peerage.sip_account
  for each row
  when (new.disabled and not old.disabled)
  execute function peerage.sip_account_unregisters();

create trigger sip_secret_unregisters
  after update of md5, sha256 on peerage.sip_secret
  for each row
  when (old.md5 is distinct from new.md5 or old.sha256 is distinct from new.sha256)
  execute function peerage.sip_account_unregisters();

-- A node that caches still lets in who was disabled a moment ago.
create function peerage.sip_contact_disabled()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from peerage.sip_account as account
    where account.id = new.account_id
      and account.disabled
  ) then
    perform peerage.refuse('sip_contact', 'sip_contact_disabled_check', 'id', new.id, 'the account is disabled');
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_disabled() is 'Refuses contacts of disabled accounts. Runs after the account is found, by its name.';

create trigger sip_contact_disabled
  before insert on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_disabled();
