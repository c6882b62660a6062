create function peerage.contact_address(host text)
  returns inet
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when rtrim(host, '.') = 'localhost' or rtrim(host, '.') like '%.localhost' then '127.0.0.1'::inet
    when host ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$' then rtrim(host, '.')::inet
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::ffff:0:0/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::ffff:0.0.0.0'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' then btrim(host, '[]')::inet
  end;
end
$$;

comment on function peerage.contact_address(text) is 'The address that a host of a contact is, localhost among them, an IPv4-mapped one as IPv4; null for any other name.';
