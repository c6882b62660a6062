create function peerage.only_shown(written text)
  returns text
  language sql
  stable
  parallel safe
  return peerage.cut_bytes(regexp_replace(peerage.received(written), '[\u0001-\u001f\u007f]', ' ', 'g'), 255);

comment on function peerage.only_shown(text) is 'What the client wrote, as bytes, for people to read: at most 255 bytes, a blank for each control character.';
