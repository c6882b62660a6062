-- Group roles without login. Each statement stands on its own: another database of the cluster may be doing the same.
do $$
declare
  wanted text;
begin
  foreach wanted in array array[
    'peerage_owner', 'peerage_app', 'peerage_asterisk', 'peerage_asterisk_sites', 'peerage_report', 'peerage_contacts', 'peerage_forwarder'
  ]
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
  -- The owner of the view that contacts are written through; nobody else is a member.
  if not pg_has_role('peerage_owner', 'peerage_contacts', 'member') then
    grant peerage_contacts to peerage_owner;
  end if;
  -- From PostgreSQL 16 on who makes a role has the admin option on it, and nothing else of it.
  if not pg_has_role('peerage_owner', 'usage') then
    execute format('grant peerage_owner to %I', current_user);
  end if;
end
$$;
