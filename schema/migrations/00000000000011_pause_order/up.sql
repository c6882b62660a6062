-- What was ordered of Asterisk about pauses, so that its echo is told from what Asterisk does by itself.
--
-- The service follows a pause that is committed with an order to each node (QueuePause), for the event and the line of
-- queue_log that app_queue makes of it. app_queue then writes the pause back. A network that stalls delivers an order
-- late, perhaps after the agent has ended the pause: the echo must not pause the agent again.

create table peerage.pause_seen (
  uniqueid text collate "C" not null,
  node text not null,
  paused text not null,
  reason text,
  constraint pause_seen_uniqueid_node_pk primary key (uniqueid, node),
  constraint pause_seen_uniqueid_fk foreign key (uniqueid) references peerage.queue_login (uniqueid) on delete cascade,
  constraint pause_seen_node_fk foreign key (node) references peerage.node (name) on update cascade on delete cascade,
  constraint pause_seen_paused_check check (paused in ('0', '1')),
  constraint pause_seen_reason_check check (reason is null or paused = '1')
);

create index pause_seen_node_idx on peerage.pause_seen (node);

comment on table peerage.pause_seen is 'What a node last said of a member''s pause; without a row it has said nothing, which is as good as not paused. Where it differs from queue_login, an order is due.';
comment on column peerage.pause_seen.uniqueid is 'The member.';
comment on column peerage.pause_seen.node is 'The node.';
comment on column peerage.pause_seen.paused is '0 or 1.';
comment on column peerage.pause_seen.reason is 'The reason; null when there is none.';

create table peerage.pause_order (
  id bigint generated always as identity,
  node text not null,
  queue_name text collate "C" not null,
  interface text collate "C" not null,
  uniqueid text collate "C" not null,
  paused text not null,
  reason text,
  ordered_at timestamptz not null default clock_timestamp(),
  constraint pause_order_id_pk primary key (id),
  constraint pause_order_node_fk foreign key (node) references peerage.node (name) on update cascade on delete cascade,
  constraint pause_order_paused_check check (paused in ('0', '1')),
  constraint pause_order_reason_check check (reason is null or paused = '1')
);

-- An order finds its member by queue and interface, whoever is there when it arrives: one who has logged in since, too.
create index pause_order_queue_name_interface_idx on peerage.pause_order (queue_name, interface, node);
create index pause_order_node_idx on peerage.pause_order (node, ordered_at);

comment on table peerage.pause_order is 'Orders to pause or unpause a member that a node may still carry out. A row goes with the order''s echo, when it is known that there will be none, or by age.';
comment on column peerage.pause_order.id is 'In the order of sending.';
comment on column peerage.pause_order.node is 'The node.';
comment on column peerage.pause_order.queue_name is 'The queue, as it was called then.';
comment on column peerage.pause_order.interface is 'The member''s interface.';
comment on column peerage.pause_order.uniqueid is 'The member that was meant.';
comment on column peerage.pause_order.paused is '0 or 1.';
comment on column peerage.pause_order.reason is 'The reason; null when there is none.';
comment on column peerage.pause_order.ordered_at is 'Just before it was sent.';

grant select, insert, update, delete on peerage.pause_seen, peerage.pause_order to peerage_app;
