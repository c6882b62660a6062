create function peerage.read_line(written text, bytes integer)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(written) = char_length(written) and octet_length(written) <= bytes then nullif(peerage.unwire(written), '')
    else nullif(peerage.cut(peerage.from_bytes(peerage.received(peerage.unwire(written))), bytes), '')
  end;

comment on function peerage.read_line(text, integer) is 'A text of the queue log as people read it: decoded, and at most so many bytes of it; null for none.';
