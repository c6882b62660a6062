drop trigger sip_contact_disabled on peerage.sip_contact;
drop function peerage.sip_contact_disabled();
drop trigger sip_secret_unregisters on peerage.sip_secret;
drop trigger sip_account_unregisters on peerage.sip_account;
drop function peerage.sip_account_unregisters();
drop function peerage.drop_registrations(bigint, text);
alter table peerage.node
  drop column keeps_peers,
  drop column cache_seconds;
drop trigger queue_login_rests on peerage.queue_login;
drop function peerage.queue_login_rests();
alter table peerage.queue_login drop column rests_until;
comment on column peerage.queue.strategy is 'Who rings first. A change to or from linear and rrordered needs a restart of Asterisk.';

create function peerage.are_queue_options(options jsonb)
  returns boolean
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return jsonb_typeof(options) = 'object'
    and not exists (
      select
      from jsonb_each(options) as option
      where jsonb_typeof(option.value) <> 'string'
        or char_length(option.value #>> '{}') not between 1 and 128
        or option.value #>> '{}' ~ '[\u0001-\u001f\u007f-\u009f]'
        or option.key <> all (array[
          'announce', 'announce_frequency', 'announce_holdtime', 'announce_position', 'announce_position_limit',
          'announce_round_seconds', 'announce_to_first_user', 'autofill', 'autopausebusy', 'autopausedelay', 'autopauseunavail',
          'context', 'defaultrule', 'log_restricted_caller_id', 'memberdelay', 'membergosub', 'min_announce_frequency',
          'monitor_format', 'penaltymemberslimit', 'periodic_announce', 'periodic_announce_frequency', 'queue_callerannounce',
          'queue_callswaiting', 'queue_holdtime', 'queue_minute', 'queue_minutes', 'queue_quantity1', 'queue_quantity2',
          'queue_reporthold', 'queue_seconds', 'queue_thankyou', 'queue_thereare', 'queue_youarenext', 'random_periodic_announce',
          'relative_periodic_announce', 'reportholdtime', 'setinterfacevar', 'setqueueentryvar', 'setqueuevar', 'timeoutpriority',
          'timeoutrestart'
        ])
    );
end
$$;

comment on function peerage.are_queue_options(jsonb) is
  'Whether an object holds options of app_queue only (22.10.1, queue_set_param) that have no column of their own, each with a text of 1 to 128 characters.';

alter table peerage.queue
  drop constraint queue_options_check,
  drop constraint queue_join_empty_check,
  drop constraint queue_leave_when_empty_check,
  add constraint queue_options_check check (
    case
      when peerage.are_queue_options(options) then true
      else peerage.refuse('queue', 'queue_options_check', 'options', options::text, 'an object of app_queue''s options, each with a text of 1 to 128 characters')
    end
  ),
  add constraint queue_join_empty_check check (
    case
      when join_empty ~ '^[a-z,]{1,128}$' then true
      else peerage.refuse('queue', 'queue_join_empty_check', 'join_empty', join_empty, 'yes, no, strict, loose, or conditions such as paused,unavailable')
    end
  ),
  add constraint queue_leave_when_empty_check check (
    case
      when leave_when_empty ~ '^[a-z,]{1,128}$' then true
      else peerage.refuse('queue', 'queue_leave_when_empty_check', 'leave_when_empty', leave_when_empty, 'yes, no, strict, loose, or conditions such as paused,unavailable')
    end
  );

drop function peerage.are_empty_words(text);
drop function peerage.refuse_queue_options(jsonb);
drop function peerage.is_queue_option(text, text);
drop function peerage.queue_option_rule(text);
drop function peerage.queue_option_kind(text);
