create function peerage.check_session(wanted bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  -- Many triggers ask about one session when a transaction ends: one answer does for all of them.
  asked constant text := concat_ws(' ', wanted, pg_current_xact_id(), statement_timestamp());
  session peerage.agent_session;
  broken text;
begin
  if current_setting('peerage.whole_session', true) = asked then
    return;
  end if;
  select *
  into session
  from peerage.agent_session as one
  where one.id = wanted;
  if not found then
    return;
  end if;
  if session.ended_at is null then
    broken := case
      when not exists (select from peerage.agent_state as state where state.session_id = wanted and state.ended_at is null) then 'it is open, and its timeline is not'
      -- What the exclusion constraints leave out, because an open row in their index would cost more than all others do.
      when exists (
        select
        from peerage.agent_state as state
          join peerage.agent_state as earlier on earlier.session_id = state.session_id
        where state.session_id = wanted
          and state.ended_at is null
          and earlier.ended_at > state.began_at
      ) then 'its state began before an earlier one ended'
      when exists (
        select
        from peerage.agent_pause as pause
          join peerage.agent_pause as earlier on earlier.session_id = pause.session_id and earlier.queue_id is not distinct from pause.queue_id
        where pause.session_id = wanted
          and pause.ended_at is null
          and earlier.ended_at > pause.began_at
      ) then 'a pause began before an earlier one of the same queue ended'
      when not exists (
        select
        from peerage.agent_place as place
        where place.session_id = wanted
          and place.ended_at is null
          and place.interface = session.interface
      ) then 'it is open, and has no place on its interface'
      when exists (
        select
        from peerage.queue_login as member
          join peerage.queue as queue on queue.id = member.queue_id
        where member.session_id = wanted
          and (
            member.interface <> session.interface
            or member.state_interface <> session.state_interface
            or member.queue_name <> queue.name
            or (member.paused = '1') <> exists (
              select
              from peerage.agent_pause as pause
              where pause.session_id = wanted
                and pause.ended_at is null
                and (pause.queue_id is null or pause.queue_id = member.queue_id)
            )
          )
      ) then 'a queue membership disagrees with it (interface, queue or pause)'
    end;
  else
    broken := case
      when exists (select from peerage.queue_login as member where member.session_id = wanted) then 'it has ended, and its agent is still a member of queues'
      when exists (select from peerage.agent_pause as pause where pause.session_id = wanted and pause.ended_at is null) then 'it has ended, and a pause has not'
      when exists (select from peerage.agent_request as request where request.session_id = wanted and request.ended_at is null) then 'it has ended, and a logout is still to come'
      when exists (select from peerage.agent_state as state where state.session_id = wanted and state.ended_at is null) then 'it has ended, and its timeline has not'
      when exists (select from peerage.agent_place as place where place.session_id = wanted and place.ended_at is null) then 'it has ended, and its place is still taken'
    end;
  end if;
  if broken is not null then
    perform peerage.refuse(
      'agent_session',
      'agent_session_whole_check',
      'id',
      wanted::text,
      broken || '; use peerage.pause, peerage.unpause or peerage.end_session'
    );
  end if;
  perform set_config('peerage.whole_session', asked, true);
end
$$;

comment on function peerage.check_session(bigint) is 'Refuses a session of which a part is missing or left over.';
