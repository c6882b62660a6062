create function peerage.outside_number_of(interface text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return substring(interface, '^Local/([^@]*)@peerage-outbound/n$');

comment on function peerage.outside_number_of(text) is 'The outside number that an interface rings; null when it is a device.';
