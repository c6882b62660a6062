create function peerage.read_line(written text, bytes integer)
  returns text
  language sql
  stable
  parallel safe
  return nullif(
    regexp_replace(
      case
        when octet_length(written) = char_length(written) and octet_length(written) <= bytes then peerage.unwire(written)
        else peerage.cut(peerage.from_bytes(peerage.received(peerage.unwire(written))), bytes)
      end,
      '[\u0001-\u001f\u007f]',
      ' ',
      'g'
    ),
    ''
  );

comment on function peerage.read_line(text, integer) is 'A text of the queue log as people read it: decoded, a blank for each control character, and at most so many bytes of it; null for none.';
