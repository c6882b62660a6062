create function peerage.received(written text)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(written) = char_length(written) or pg_client_encoding() = 'LATIN1' then written
    else peerage.to_bytes(written)
  end;

comment on function peerage.received(text) is 'What the client wrote, as bytes: a node''s text as it came, another client''s as its UTF-8.';
