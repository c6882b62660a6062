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
  broken text;
begin
  if current_setting('peerage.whole_session', true) = asked then
    return;
  end if;
  select
    case
      when session.ended_at is not null then case
        when exists (select from peerage.queue_login as member where member.session_id = session.id) then 'it has ended, and its agent is still a member of queues'
        when exists (select from peerage.agent_pause as pause where pause.session_id = session.id and pause.ended_at is null) then 'it has ended, and a pause has not'
        when exists (select from peerage.agent_request as request where request.session_id = session.id and request.ended_at is null) then 'it has ended, and a logout is still to come'
        when exists (select from peerage.agent_state as state where state.session_id = session.id and state.ended_at is null) then 'it has ended, and its timeline has not'
        when exists (select from peerage.agent_place as place where place.session_id = session.id and place.ended_at is null) then 'it has ended, and its place is still taken'
      end
      when not exists (select from peerage.agent_state as state where state.session_id = session.id and state.ended_at is null) then 'it is open, and its timeline is not'
      when not exists (
        select
        from peerage.agent_place as place
        where place.session_id = session.id
          and place.ended_at is null
          and place.interface = session.interface
      ) then 'it is open, and has no place on its interface'
      when exists (
        select
        from peerage.queue_login as member
        where member.session_id = session.id
          and (
            member.interface <> session.interface
            or member.state_interface <> session.state_interface
            or member.queue_name <> (select queue.name from peerage.queue as queue where queue.id = member.queue_id)
            or (member.paused = '1') <> exists (
              select
              from peerage.agent_pause as pause
              where pause.session_id = session.id
                and pause.ended_at is null
                and (pause.queue_id is null or pause.queue_id = member.queue_id)
            )
          )
      ) then 'a queue membership disagrees with it (interface, queue or pause)'
    end
  into broken
  from peerage.agent_session as session
  where session.id = wanted;
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
