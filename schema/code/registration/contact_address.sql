create function peerage.contact_address(host text)
  returns inet
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  if host ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$' then
    return rtrim(host, '.')::inet;
  end if;
  return case
    when rtrim(host, '.') in ('localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback') or rtrim(host, '.') like '%.localhost' then '127.0.0.1'::inet
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::ffff:0:0/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::ffff:0.0.0.0'::inet)
    -- IPv4-compatible (RFC 4291 section 2.5.5.1), but for :: and ::1 themselves, and through NAT64 (RFC 6052).
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::/96'::inet and btrim(host, '[]')::inet > '::1'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '64:ff9b::/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '64:ff9b::'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' then btrim(host, '[]')::inet
  end;
end
$$;

comment on function peerage.contact_address(text) is 'The address that a host of a contact is, localhost among them, one with an IPv4 address inside as that; null for any other name.';
