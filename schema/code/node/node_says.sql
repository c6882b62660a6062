create function peerage.node_says(said bigint)
  returns bigint
  language plpgsql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  now_here constant bigint := extract(epoch from clock_timestamp())::bigint;
  was_ahead constant bigint := peerage.node_clock_ahead(session_user::text);
begin
  -- Some callers may wait for it, and no service be there.
  perform peerage.end_rests();
  insert into peerage.node_clock (login, ahead, backend, seen_at)
  select
    node.login,
    said - now_here,
    pg_backend_pid(),
    clock_timestamp()
  from peerage.node as node
  where node.login = session_user::text
  on conflict (login) do update
  set
    ahead = excluded.ahead,
    backend = excluded.backend,
    seen_at = excluded.seen_at
  -- It asks every few seconds, and mostly says the same.
  where abs(node_clock.ahead - excluded.ahead) > 1
    or node_clock.backend <> excluded.backend
    or node_clock.seen_at < excluded.seen_at - interval '5 seconds';
  if said - now_here <= 2 and coalesce(was_ahead, 0) <= 2 then
    -- Its clock was right, so it meant them. One that has just been set was wrong when it did.
    delete from peerage.sip_contact
    where doubted_by = session_user::text;
  else
    update peerage.sip_contact
    set
      doubted_by = null,
      doubted_at = null
    where doubted_by = session_user::text
      and doubted_at < clock_timestamp() - interval '10 seconds';
  end if;
  return least(said, now_here);
end
$$;

comment on function peerage.node_says(bigint) is 'Ends the rests that are over, takes note of the time that a node says it is, decides on the contacts that it would have deleted before that was known, and returns the earlier of its time and the database''s.';
