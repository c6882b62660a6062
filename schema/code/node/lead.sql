create function peerage.lead(
  by_service text,
  by_name text,
  linked text[],
  able text[],
  candidates text[],
  lease_seconds double precision
)
  returns table (
    node text,
    epoch bigint,
    leader text,
    is_ours boolean,
    another_is_able boolean
  )
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  lease_time constant interval := make_interval(secs => lease_seconds);
begin
  perform peerage.end_rests();

  -- Rows are locked in one order everywhere, so that two services do not wait for each other.
  perform
  from peerage.node_lease as lease
  order by lease.node_id
  for no key update;

  perform
  from peerage.node_service as service
  order by service.node_id, service.service
  for no key update;

  insert into peerage.node_service as known (node_id, service, service_name, is_able)
  select
    node.id,
    by_service,
    by_name,
    node.name = any (able)
  from peerage.node as node
  where node.name = any (linked)
  order by node.id
  on conflict on constraint node_service_node_id_service_pk do update
  set
    service_name = excluded.service_name,
    is_able = excluded.is_able,
    seen_at = clock_timestamp();

  delete from peerage.node_service as gone
  where gone.seen_at < clock_timestamp() - 10 * lease_time
    or (gone.service = by_service and gone.node_id not in (select node.id from peerage.node as node where node.name = any (linked)));

  -- What is not wanted any more is given back.
  update peerage.node_lease as lease
  set
    service = null,
    service_name = null,
    expires_at = clock_timestamp()
  where lease.service = by_service
    and lease.node_id not in (select node.id from peerage.node as node where node.name = any (candidates));

  insert into peerage.node_lease as lease (node_id, epoch, service, service_name, expires_at)
  select
    node.id,
    1,
    by_service,
    by_name,
    clock_timestamp() + lease_time
  from peerage.node as node
  where node.name = any (candidates)
    and (node.name = any (able) or not peerage.another_is_able(node.id, by_service, lease_time))
  order by node.id
  on conflict on constraint node_lease_node_id_pk do update
  set
    epoch = lease.epoch + (lease.service is distinct from by_service)::integer,
    service = excluded.service,
    service_name = excluded.service_name,
    expires_at = clock_timestamp() + lease_time
  where lease.service is null
    or lease.service = by_service
    or lease.expires_at < clock_timestamp()
    -- Nobody gets one for so long: this server's clock was put back.
    or lease.expires_at > clock_timestamp() + 10 * lease_time;

  return query
    select
      node.name,
      lease.epoch,
      case
        when lease.expires_at > clock_timestamp() then lease.service_name
      end,
      coalesce(lease.service = by_service and lease.expires_at > clock_timestamp(), false),
      peerage.another_is_able(node.id, by_service, lease_time)
    from peerage.node as node
      join peerage.node_lease as lease on lease.node_id = node.id
    order by node.name;
end
$$;

comment on function peerage.lead(text, text, text[], text[], text[], double precision) is
  'Renews the leases of a service, and takes those that are free or have expired. Linked are the nodes that it has a link to, able those whose link is up, candidates those that it would lead; what it leads and is no candidate for is given back. Who leads and is not able is not renewed where another is. Returns who leads each node.';
