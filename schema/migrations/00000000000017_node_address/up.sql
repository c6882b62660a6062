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

create function peerage.contact_host(uri text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return lower(substring(uri from '^[A-Za-z]+:(?:.*@)?(\[[^]]*\]|[^]:@[^?;>]+)'));

comment on function peerage.contact_host(text) is 'The host of a contact URI as written (with `;` coded), in lower case, an IPv6 address in its brackets; null when there is none to be found.';

create function peerage.contact_address(host text)
  returns inet
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return case
    when host = 'localhost' or host like '%.localhost' then '127.0.0.1'::inet
    when host ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$' then host::inet
    when host ~ '^\[::ffff:[0-9]+(\.[0-9]+){3}\]$' then substring(host from '[0-9]+\.[0-9.]+')::inet
    when host ~ '^\[[0-9a-f:.]+\]$' then btrim(host, '[]')::inet
  end;

comment on function peerage.contact_address(text) is 'The address that a host of a contact is (peerage.contact_host), localhost among them; null for any other name.';

create function peerage.sip_contact_at_node()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  host text := peerage.contact_host(new.uri);
  refused boolean;
begin
  -- The system's inet_aton(3), which PJSIP asks, takes 127.1, 0x7f000001 and 2130706433 for addresses, too.
  if host ~ '^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?$' and peerage.contact_address(host) is null then
    perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', new.uri, 'an address of four decimal numbers');
  end if;
  select
    exists (
      select
      from peerage.node_address as own
      where own.address >>= peerage.contact_address(host)
    )
  into refused;
  if refused then
    perform peerage.refuse('sip_contact', 'sip_contact_uri_at_node', 'uri', new.uri, 'not at the address of a node: Asterisk would send its requests to itself');
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_at_node() is 'Refuses a contact at the address of a node, and one whose address is written so that it hides which it is.';

create trigger sip_contact_at_node
  before insert or update of uri on peerage.sip_contact
  for each row
  when (new.uri is not null)
  execute function peerage.sip_contact_at_node();

grant select, insert, delete on peerage.node_address to peerage_app;
