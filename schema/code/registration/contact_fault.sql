create function peerage.contact_fault(contact peerage.sip_contact)
  returns text
  language plpgsql
  immutable
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- PJSIP prints a URI from what it has parsed, so there is nothing in it that its own parser would not take.
  return case
    when octet_length(contact.id) > 200 or contact.id !~ '^[0-9A-Za-z.-]+\^3B@[0-9a-f]{32}$' then 'id'
    when contact.uri is null
      or octet_length(contact.uri) > 1000
      or contact.uri !~ '^sips?:([^][<>"@ \u0001-\u001f\u007f]+@)?(\[[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?((\^3B|[?])[^<>" \u0001-\u001f\u007f]*)?$'
      or not peerage.is_port(substring(contact.uri from '^sips?:(?:[^@]+@)?(?:\[[^]]*\]|[0-9A-Za-z._-]+):([0-9]{1,5})')) then 'uri'
    when contact.endpoint <> split_part(contact.id, '^3B@', 1) and contact.endpoint <> '' then 'endpoint'
    when contact.path <> '' and (octet_length(contact.path) > 2000 or contact.path ~ '[\u0001-\u001f\u007f]') then 'path'
    when contact.outbound_proxy <> '' and (octet_length(contact.outbound_proxy) > 255 or contact.outbound_proxy ~ '[\u0001-\u001f\u007f]') then 'outbound_proxy'
    when not peerage.is_port(contact.via_port) then 'via_port'
    when contact.qualify_frequency !~ '^[0-9]{0,9}$' then 'qualify_frequency'
    when contact.qualify_timeout !~ '^([0-9]{1,9}([.][0-9]{1,9})?)?$' then 'qualify_timeout'
    when contact.authenticate_qualify not in ('', 'yes', 'no', 'true', 'false')
      or contact.prune_on_boot not in ('', 'yes', 'no', 'true', 'false')
      or contact.qualify_2xx_only not in ('', 'yes', 'no', 'true', 'false') then 'prune_on_boot'
  end;
end
$$;

comment on function peerage.contact_fault(peerage.sip_contact) is 'The first column whose value PJSIP cannot have written; null when there is none. Every other Asterisk would trust such a value as its own.';
