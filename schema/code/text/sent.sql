-- Of a text that is all ASCII a view makes the same by itself. With `set search_path` PostgreSQL does not put the body in the place of the call: that
-- costs each lookup more than the rare call does.
create function peerage.sent(plain text)
  returns text
  language sql
  stable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
  return case
    when octet_length(plain) = char_length(plain) or pg_client_encoding() <> 'LATIN1' then plain
    else peerage.to_bytes(plain)
  end;

comment on function peerage.sent(text) is 'A text for the client that asks: for a node such that its UTF-8 goes over the line, for others as it is.';
