-- Which service leads which node. Several services may run on one database: one of them leads each node and gives it orders, the
-- others stand by.
--
-- A lease is a row, not an advisory lock: it ends by the database's clock also when the connection of whoever has it hangs, and
-- nobody who signs in as a node can touch it.

create table peerage.node_lease (
  node_id bigint not null,
  epoch bigint not null,
  service text,
  service_name text,
  expires_at timestamptz not null,
  constraint node_lease_node_id_pk primary key (node_id),
  constraint node_lease_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade,
  constraint node_lease_epoch_check check (epoch > 0),
  constraint node_lease_service_check check (num_nulls(service, service_name) in (0, 2)),
  constraint node_lease_service_length_check check (length(service) between 1 and 64 and length(service_name) between 1 and 200)
);

comment on table peerage.node_lease is 'Which service leads a node: it alone gives the node orders. The lease holds until it expires by this server''s clock, and is renewed all the time.';
comment on column peerage.node_lease.node_id is 'The node.';
comment on column peerage.node_lease.epoch is 'Counts who has led the node. Orders are claimed with it, so that one who led before and does not know yet claims none.';
comment on column peerage.node_lease.service is 'The service that leads, by the name it gave itself at its start; null when it has given the lease back.';
comment on column peerage.node_lease.service_name is 'The same for people: host and port.';
comment on column peerage.node_lease.expires_at is 'Until when it leads.';

create table peerage.node_service (
  node_id bigint not null,
  service text collate "C" not null,
  service_name text not null,
  is_able boolean not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint node_service_node_id_service_pk primary key (node_id, service),
  constraint node_service_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade,
  constraint node_service_length_check check (length(service) between 1 and 64 and length(service_name) between 1 and 200)
);

comment on table peerage.node_service is 'The services that can lead a node: who leads and whose link is down gives way to one whose link is up.';
comment on column peerage.node_service.node_id is 'The node.';
comment on column peerage.node_service.service is 'The service, as in node_lease.';
comment on column peerage.node_service.service_name is 'The same for people.';
comment on column peerage.node_service.is_able is 'Whether its link to the node is up, or was a moment ago.';
comment on column peerage.node_service.seen_at is 'When it last said so.';

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

create function peerage.another_is_able(of_node bigint, than_service text, within interval)
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from peerage.node_service as other
    where other.node_id = of_node
      and other.service <> than_service
      and other.is_able
      and other.seen_at > clock_timestamp() - within
  )
$$;

comment on function peerage.another_is_able(bigint, text, interval) is 'Whether another service could lead a node: it said so within this time.';

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

revoke all on function peerage.lead(text, text, text[], text[], text[], double precision) from public;
revoke all on function peerage.another_is_able(bigint, text, interval) from public;
revoke all on function peerage.stop_leading(text) from public;

grant select, insert, update, delete on peerage.node_lease, peerage.node_service to peerage_app;
grant execute
  on function peerage.lead(text, text, text[], text[], text[], double precision), peerage.another_is_able(bigint, text, interval), peerage.stop_leading(text)
  to peerage_app;
