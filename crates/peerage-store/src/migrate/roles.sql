-- Group roles without login. Each statement stands on its own: another database of the cluster may be doing the same.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['peerage_owner', 'peerage_app', 'peerage_asterisk', 'peerage_asterisk_sites', 'peerage_report']
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception
        when duplicate_object or unique_violation then
          null;
      end;
    end if;
  end loop;
  -- From PostgreSQL 16 on who makes a role has the admin option on it, and nothing else of it.
  if not pg_has_role('peerage_owner', 'usage') then
    execute format('grant peerage_owner to %I', current_user);
  end if;
end
$$;
