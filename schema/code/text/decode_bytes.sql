create function peerage.decode_bytes(written text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- RFC 3629 section 4.
  utf8 constant text := '^([\u0001-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})*$';
  whole text;
begin
  if written ~ '[^\u0001-\u00ff]' then
    return written;
  end if;
  if written ~ utf8 then
    return convert_from(convert_to(written, 'LATIN1'), 'UTF8');
  end if;
  -- Asterisk cuts at a byte: UTF-8 up to its last letter.
  whole := regexp_replace(written, '[\u00c2-\u00f4][\u0080-\u00bf]{0,2}$', '');
  if octet_length(whole) <> char_length(whole) and whole ~ utf8 then
    return convert_from(convert_to(whole, 'LATIN1'), 'UTF8');
  end if;
  return written;
end
$$;

comment on function peerage.decode_bytes(text) is 'The text behind bytes that came as Latin-1 letters: UTF-8 where they are that, else Latin-1, which shows every byte.';
