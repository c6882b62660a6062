create function peerage.sip_contact_at_node()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
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
    -- A comma may stand in a user part, or between two URIs: whatever either reading takes for a host counts.
    select lower(part[1])
    from (
      values
        ('sips?:(?:[^@<>, ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)'),
        ('sips?:(?:[^@<> ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)')
    ) as reading (pattern)
      cross join lateral regexp_matches(concat_ws(' ', new.uri, new.path, new.outbound_proxy), reading.pattern, 'gi') as part
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

create trigger sip_contact_at_node_later
  before update of path, outbound_proxy on peerage.sip_contact
  for each row
  when (new.path is distinct from old.path or new.outbound_proxy is distinct from old.outbound_proxy)
  execute function peerage.sip_contact_at_node();
