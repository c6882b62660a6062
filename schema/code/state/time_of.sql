-- The time of an agent's state never runs backwards, also when the database's clock does (it was ahead and is set, or a standby that is behind
-- takes over): what happens now happens no earlier than what happened last.
create function peerage.time_of(agents bigint[])
  returns timestamptz
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
begin
  return greatest(
    clock_timestamp(),
    (
      select max(greatest(session.began_at, session.ended_at, state.at, pause.at, place.at))
      from unnest(agents) as agent_id
        cross join lateral (
          select
            last.id,
            last.began_at,
            last.ended_at
          from peerage.agent_session as last
          where last.agent_id = agent_id.agent_id
          order by last.began_at desc
          limit 1
        ) as session
        left join lateral (
          select max(greatest(state.began_at, state.ended_at)) as at
          from peerage.agent_state as state
          where state.session_id = session.id
        ) as state on true
        left join lateral (
          select max(greatest(pause.began_at, pause.ended_at)) as at
          from peerage.agent_pause as pause
          where pause.session_id = session.id
        ) as pause on true
        left join lateral (
          select max(greatest(place.began_at, place.ended_at)) as at
          from peerage.agent_place as place
          where place.session_id = session.id
        ) as place on true
    )
  );
end
$$;

comment on function peerage.time_of(bigint[]) is 'The time for a change of the state of these agents: by the database''s clock, and no earlier than their last change. To be asked after they were locked.';
