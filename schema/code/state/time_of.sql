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
      select max(
        greatest(
          session.began_at,
          session.ended_at,
          -- States and places follow one another: the last is the latest.
          (
            select greatest(state.began_at, state.ended_at)
            from peerage.agent_state as state
            where state.session_id = session.id
            order by state.began_at desc
            limit 1
          ),
          (
            select greatest(place.began_at, place.ended_at)
            from peerage.agent_place as place
            where place.session_id = session.id
            order by place.began_at desc
            limit 1
          ),
          (
            select max(greatest(pause.began_at, pause.ended_at))
            from peerage.agent_pause as pause
            where pause.session_id = session.id
          )
        )
      )
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
    )
  );
end
$$;

comment on function peerage.time_of(bigint[]) is 'The time for a change of the state of these agents: by the database''s clock, and no earlier than their last change. To be asked after they were locked.';
