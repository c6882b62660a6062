-- LIKE for nodes that serve named sites.
--
-- Their views are security barriers: only a leakproof operator is applied before the filter on sites, and PostgreSQL's LIKE
-- is none, so that the contacts of one AOR would be found by reading them all. This operator stands before it in the search
-- path of these nodes. Its function is written out in the statement that uses it (inlined): two comparisons, which are
-- leakproof and which an index answers, and then LIKE itself. chr(1114111) sorts after every other character in the
-- collation "C". Nothing hangs on it but speed: who takes it out of the path reads the same rows.
create function asterisk_sites.is_like(value text, pattern text)
  returns boolean
  language sql
  immutable
  parallel safe
  return value collate "C" >= substring(pattern from '^[^%_\\]*')
    and value collate "C" <= substring(pattern from '^[^%_\\]*') || chr(1114111)
    and value operator(pg_catalog.~~) pattern;

comment on function asterisk_sites.is_like(text, text) is 'LIKE, with the range of what a pattern can match before it, which an index answers and which leaks nothing.';

create operator asterisk_sites.~~ (
  function = asterisk_sites.is_like,
  leftarg = text,
  rightarg = text,
  restrict = likesel,
  join = likejoinsel
);

comment on operator asterisk_sites.~~(text, text) is 'LIKE behind a security barrier.';
