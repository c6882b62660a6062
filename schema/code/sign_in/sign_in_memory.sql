create function peerage.sign_in_memory(lane text)
  returns interval
  language sql
  immutable
  parallel safe
  return case lane when 'address' then interval '1 hour' else interval '1 day' end;

comment on function peerage.sign_in_memory(text) is 'How long after the last one the failures of a lane are forgotten.';
