-- Addresses of the nodes, where no telephone may register: Asterisk sends requests to whatever a contact says, and a contact at
-- its own machine has it talk to itself, or to what else listens there, such as its Manager interface.
--
-- It is refused here, once the caller is known. PJSIP has lists of its own for this (contact_deny), and applies them before it
-- knows the caller; it then looks each name of a Contact header up in the DNS and waits for the answer
-- (res_pjsip_acl.c, pjsip_distributor.c; Asterisk 16.28 and 22.10), so that strangers could bring it to a halt.

create table peerage.node_address (
  node_id bigint not null,
  address cidr not null,
  constraint node_address_node_id_address_pk primary key (node_id, address),
  constraint node_address_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade
);

create index node_address_address_idx on peerage.node_address using gist (address inet_ops);

comment on table peerage.node_address is 'Addresses of the nodes, as their configuration was last written. No telephone may register at one.';
comment on column peerage.node_address.node_id is 'The node.';
comment on column peerage.node_address.address is 'An address or a network of the node.';

grant select, insert, delete on peerage.node_address to peerage_app;
