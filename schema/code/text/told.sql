create function peerage.told(plain text)
  returns text
  language sql
  stable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return peerage.wire(peerage.sent(plain));

comment on function peerage.told(text) is 'A text as it must stand in a realtime column, for the client that asks: peerage.sent, then peerage.wire.';
