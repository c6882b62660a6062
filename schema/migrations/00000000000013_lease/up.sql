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

grant select, insert, update, delete on peerage.node_lease, peerage.node_service to peerage_app;
