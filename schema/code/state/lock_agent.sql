create function peerage.lock_agent(wanted bigint)
  returns timestamptz
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from peerage.agent
  where id = wanted
  for update;
  return peerage.time_of(array[wanted]);
end
$$;

comment on function peerage.lock_agent(bigint) is 'Locks an agent and returns the time from then on: every change of an agent''s state begins with this.';
