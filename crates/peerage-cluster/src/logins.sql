-- The logins of a private cluster; run by its superuser. Nothing changes when all is there.
do $$
declare
  node text;
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'peerage_admin') then
    create role peerage_admin login createrole;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = 'peerage') then
    create role peerage login;
  end if;
  if not pg_has_role('peerage_admin', 'peerage_owner', 'member') then
    grant peerage_owner to peerage_admin;
  end if;
  if not pg_has_role('peerage', 'peerage_app', 'member') then
    grant peerage_app to peerage;
  end if;
  -- To close the connections of a node that is removed.
  if not pg_has_role('peerage_admin', 'pg_signal_backend', 'member') then
    grant pg_signal_backend to peerage_admin;
  end if;
  -- From PostgreSQL 16 on createrole is not enough: whoever grants a role, or changes a login, has the admin option on it.
  if current_setting('server_version_num')::integer < 160000 then
    return;
  end if;
  for node in
    select role.rolname
    from pg_catalog.pg_roles as role
    where role.rolname in ('peerage_asterisk', 'peerage_asterisk_sites')
      or exists (
        select
        from pg_catalog.pg_auth_members as membership
          join pg_catalog.pg_roles as nodes on nodes.oid = membership.roleid
        where membership.member = role.oid
          and role.rolcanlogin
          and not role.rolsuper
          and role.rolname <> 'peerage_admin'
          and nodes.rolname in ('peerage_asterisk', 'peerage_asterisk_sites')
      )
  loop
    begin
      if not pg_has_role('peerage_admin', node, 'member with admin option') then
        execute format('grant %I to peerage_admin with admin option', node);
      end if;
    exception
      -- Removed meanwhile.
      when undefined_object then
        null;
    end;
  end loop;
end
$$;
