create function peerage.sent(plain text)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(plain) = char_length(plain) or pg_client_encoding() <> 'LATIN1' then plain
    else peerage.to_bytes(plain)
  end;

comment on function peerage.sent(text) is 'A text for the client that asks: for a node such that its UTF-8 goes over the line, for others as it is.';
