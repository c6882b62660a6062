create function peerage.audit_row(changed jsonb, secret text[])
  returns jsonb
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  field text;
begin
  foreach field in array secret
  loop
    if changed ->> field is not null then
      changed := jsonb_set(changed, array[field], '"set"');
    end if;
  end loop;
  return changed;
end
$$;

comment on function peerage.audit_row(jsonb, text[]) is 'A row as the audit keeps it: a secret is only said to be set.';
