create function peerage.audit_subject(changed jsonb)
  returns text
  language sql
  immutable
  parallel safe
  return coalesce(changed ->> 'number', changed ->> 'name', changed ->> 'username');

comment on function peerage.audit_subject(jsonb) is 'What people call the row.';
