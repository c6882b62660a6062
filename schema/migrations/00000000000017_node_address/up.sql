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

create function peerage.contact_address(host text)
  returns inet
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return case
    when rtrim(host, '.') = 'localhost' or rtrim(host, '.') like '%.localhost' then '127.0.0.1'::inet
    when host ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$' then rtrim(host, '.')::inet
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::ffff:0:0/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::ffff:0.0.0.0'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' then btrim(host, '[]')::inet
  end;

comment on function peerage.contact_address(text) is 'The address that a host of a contact is, localhost among them, an IPv4-mapped one as IPv4; null for any other name.';

create function peerage.sip_contact_at_node()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  host text;
  there inet;
begin
  -- Both send a request elsewhere than the host says (RFC 3261 sections 19.1.1 and 19.1.5).
  if new.uri ~* '\^3bmaddr=' or new.uri like '%?%' then
    perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', new.uri, 'a SIP URI without maddr and without headers');
  end if;
  for host in
    select lower(part[1])
    from regexp_matches(concat_ws(' ', new.uri, new.path, new.outbound_proxy), 'sips?:(?:[^@<>, ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)', 'gi') as part
  loop
    there := peerage.contact_address(host);
    -- The system's inet_aton(3), which PJSIP asks, takes 127.1, 0x7f000001 and 2130706433 for addresses, too. A zone (%lo) says which
    -- of its own interfaces Asterisk is to use.
    if host ~ '^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?$' and there is null or host like '%\%%' then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', new.uri, 'an address of four decimal numbers');
    end if;
    -- To the unspecified address the system sends as to itself.
    if there in ('0.0.0.0'::inet, '::'::inet)
      or exists (
        select
        from peerage.node_address as own
        where own.address >>= there
      )
    then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_at_node', 'uri', new.uri, 'not at the address of a node: Asterisk would send its requests to itself');
    end if;
  end loop;
  return new;
end
$$;

comment on function peerage.sip_contact_at_node() is 'Refuses a contact at the address of a node, and one whose address is written so that it hides which it is.';

create trigger sip_contact_at_node
  before insert on peerage.sip_contact
  for each row
  when (new.uri is not null)
  execute function peerage.sip_contact_at_node();

grant select, insert, delete on peerage.node_address to peerage_app;
