create function peerage.refuse_contact_at_node(uri text, path text, outbound_proxy text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  host text;
  there inet;
begin
  -- Both send a request elsewhere than the host says (RFC 3261 sections 19.1.1 and 19.1.5). No phone codes the name of a parameter.
  if concat_ws(' ', uri, path, outbound_proxy) ~* '\^3b[^=^ ]*(maddr|%)' or uri like '%?%' then
    perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', uri, 'a SIP URI without maddr and without headers');
  end if;
  for host in
    -- A comma may stand in a user part, or between two URIs: whatever either reading takes for a host counts.
    select lower(part[1])
    from (
      values
        ('sips?:(?:[^@<>, ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)'),
        ('sips?:(?:[^@<> ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)')
    ) as reading (pattern)
      cross join lateral regexp_matches(concat_ws(' ', uri, path, outbound_proxy), reading.pattern, 'gi') as part
  loop
    there := peerage.contact_address(host);
    -- The system's inet_aton(3), which PJSIP asks, takes 127.1, 0x7f000001 and 2130706433 for addresses, too. A zone (%lo) says which
    -- of its own interfaces Asterisk is to use.
    if host ~ '^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?$' and there is null or host like '%\%%' then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', uri, 'an address of four decimal numbers');
    end if;
    -- To the unspecified address, and to groups of which each host is a member, the system sends as to itself.
    if there <<= any ('{0.0.0.0/8,224.0.0.0/4,::/128,ff00::/8}'::inet[])
      or exists (
        select
        from peerage.node_address as own
        where own.address >>= there
      )
    then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_at_node', 'uri', uri, 'not at the address of a node: Asterisk would send its requests to itself');
    end if;
  end loop;
end
$$;

comment on function peerage.refuse_contact_at_node(text, text, text) is 'Refuses a contact at the address of a node, and one whose address is written so that it hides which it is.';
