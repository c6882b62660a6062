create function peerage.stop_leading(by_service text)
  returns void
  language sql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
  select
  from peerage.node_lease as lease
  order by lease.node_id
  for no key update;

  delete from peerage.node_service
  where service = by_service;

  update peerage.node_lease
  set
    service = null,
    service_name = null,
    expires_at = clock_timestamp()
  where service = by_service;
$$;

comment on function peerage.stop_leading(text) is 'Gives all leases of a service back: it gives no orders any more.';
