create function peerage.is_port(written text)
  returns boolean
  language sql
  immutable
  parallel safe
  return case
    when written ~ '^[0-9]{1,5}$' then written::integer <= 65535
    else written = ''
  end;

comment on function peerage.is_port(text) is 'Whether a text is a port, 0 included, or empty.';
