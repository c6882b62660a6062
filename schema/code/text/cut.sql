create function peerage.cut(words text, bytes integer)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  short text := left(words, bytes);
begin
  while octet_length(short) > bytes
  loop
    short := left(short, -1);
  end loop;
  return short;
end
$$;

comment on function peerage.cut(text, integer) is 'As many letters of a text, from its start, as have room in so many bytes. Asterisk cuts inside a letter, and what it then writes is no UTF-8.';
