-- Texts between Asterisk and the database. Asterisk sends and expects bytes, mostly UTF-8 and sometimes not: a phone may have
-- a name in Latin-1. A node's login therefore has client_encoding LATIN1, which takes every byte as the letter of that number.
-- What Asterisk itself reads back is kept so; people read it decoded; and what it is told of ours is turned into such bytes on
-- the way. Clients of another encoding see and write plain texts in the same columns.
create function peerage.to_bytes(plain text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return convert_from(convert_to(plain, 'UTF8'), 'LATIN1');

comment on function peerage.to_bytes(text) is 'A text as the bytes of its UTF-8, each as the Latin-1 letter of that number.';
