create or replace function peerage.lock_agent(wanted bigint)
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
  return clock_timestamp();
end
$$;

drop function peerage.time_of(bigint[]);
