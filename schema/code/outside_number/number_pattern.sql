create function peerage.number_pattern(pattern text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return '^' || replace(replace(replace(replace(replace(replace(pattern, '*', '[*]'), '+', '[+]'), '.', '[0-9]+'), 'X', '[0-9]'), 'Z', '[1-9]'), 'N', '[2-9]') || '$';

comment on function peerage.number_pattern(text) is 'The regular expression of a pattern of site.outside_numbers.';
