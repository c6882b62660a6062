-- What each Asterisk says of the devices where agents' calls ring, so that pages, API and commands say what Asterisk does.
--
-- A registration is no proof that a phone can be called: it may have come over a transport that the account does not list, to another
-- node, or to a node that lacks a module. The service that leads a node writes what that node says, and only what it says of
-- availability: calls come and go far too often, and are seen by other means.

create table peerage.node_report (
  node_id bigint not null,
  epoch bigint not null,
  missing_modules text[] not null default '{}',
  changed_at timestamptz not null default clock_timestamp(),
  constraint node_report_node_id_pk primary key (node_id),
  constraint node_report_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade
);

comment on table peerage.node_report is 'Nodes whose device states are known at the moment. A row counts only under the lease it was written with: when the service that leads the node is gone, or its link is, nobody knows what the node says.';
comment on column peerage.node_report.node_id is 'The node.';
comment on column peerage.node_report.epoch is 'The lease (peerage.node_lease) under which this was written.';
comment on column peerage.node_report.missing_modules is 'Modules that calls of a queue need, and that the node does not have loaded.';
comment on column peerage.node_report.changed_at is 'Since when those modules are missing.';

create table peerage.node_device (
  node_id bigint not null,
  device text collate "C" not null,
  says text not null,
  can_ring boolean generated always as (says not in ('UNAVAILABLE', 'INVALID')) stored,
  changed_at timestamptz not null default clock_timestamp(),
  constraint node_device_node_id_device_pk primary key (node_id, device),
  constraint node_device_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade,
  constraint node_device_says_check check (says in ('AVAILABLE', 'UNKNOWN', 'UNAVAILABLE', 'INVALID'))
);

create index node_device_device_idx on peerage.node_device (device);

comment on table peerage.node_device is 'What a node says of a device: whether app_queue would ring it.';
comment on column peerage.node_device.node_id is 'The node.';
comment on column peerage.node_device.device is 'The device, such as PJSIP/1001.';
comment on column peerage.node_device.says is 'UNAVAILABLE, INVALID and UNKNOWN as Asterisk says them (DeviceStateChange); AVAILABLE is any of its other states, with a call or without.';
comment on column peerage.node_device.can_ring is 'Whether app_queue rings a member of this state (app_queue.c, get_member_status).';
comment on column peerage.node_device.changed_at is 'Since when.';

grant select, insert, update, delete on peerage.node_report, peerage.node_device to peerage_app;
