create function peerage.wire(written text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return replace(replace(written, '^', '^5E'), ';', '^3B');

comment on function peerage.wire(text) is
  'A text as it must stand in a realtime column: `;` separates values there and `^` introduces a code (res_config_pgsql.c, ESCAPE_STRING; Asterisk 16 to 23).';
