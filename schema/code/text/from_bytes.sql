create function peerage.from_bytes(written text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when octet_length(written) = char_length(written) then written
    else peerage.decode_bytes(written)
  end;

comment on function peerage.from_bytes(text) is 'As peerage.decode_bytes, without a call for what is ASCII.';
