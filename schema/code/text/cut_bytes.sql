create function peerage.cut_bytes(written text, most integer)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  short text := left(written, most);
begin
  if char_length(written) <= most then
    return written;
  end if;
  short := regexp_replace(short, '\^.?$', '');
  if substr(written, char_length(short) + 1, 1) ~ '[\u0080-\u00bf]' then
    short := regexp_replace(short, '[\u00c2-\u00f4][\u0080-\u00bf]{0,2}$', '');
  end if;
  return short;
end
$$;

comment on function peerage.cut_bytes(text, integer) is 'The first bytes of what Asterisk wrote, cut neither inside a letter of UTF-8 nor inside a code such as `^3B`.';
