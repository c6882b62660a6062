-- Who may call what. What nobody is granted is called by triggers and by functions with the owner's rights alone; what checks, generated columns
-- and views call is granted besides to whoever writes or reads (peerage_store::hardening).
revoke execute on all functions in schema peerage from public;

grant execute
  on function
    peerage.lock_agent(bigint),
    peerage.time_of(bigint[]),
    peerage.settle(bigint, timestamptz),
    peerage.pause(bigint, bigint, text, text, boolean, timestamptz),
    peerage.unpause(bigint, bigint, text, timestamptz),
    peerage.end_session(bigint, text, text, text, timestamptz),
    peerage.end_rests(),
    peerage.cut(text, integer),
    peerage.pause_told(text, text, text, text),
    peerage.end_sip_registration(text, text, timestamptz),
    peerage.number_pattern(text),
    peerage.outside_number_allowed(bigint, text),
    peerage.sign_in_delay(text, integer),
    peerage.sign_in_memory(text),
    peerage.count_sign_in(text, text, text, text),
    peerage.begin_sign_in(text, text, text, text, boolean, boolean),
    peerage.end_sign_in(bigint, text, text, text, text, boolean),
    peerage.note_sign_in(bigint, text, text, text),
    peerage.forget_sign_ins(bigint),
    peerage.lead(text, text, text[], text[], text[], double precision),
    peerage.another_is_able(bigint, text, interval),
    peerage.stop_leading(text),
    peerage.report_devices(text, text, bigint, text[], text[], text[], boolean),
    peerage.see_calls(text, text, bigint, text[], text[], timestamptz[], timestamptz[], boolean),
    peerage.end_overlong_transactions(interval)
  to peerage_app;

grant select
  on peerage.refused_number, peerage.agent_reach, peerage.call_now, peerage.device_registration
  to peerage_app;
