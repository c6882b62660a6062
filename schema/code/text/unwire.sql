create function peerage.unwire(stored text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return replace(replace(stored, '^3B', ';'), '^5E', '^');

comment on function peerage.unwire(text) is
  'The text behind a realtime column that Asterisk wrote: the inverse of peerage.wire.';
