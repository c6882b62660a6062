do $$
declare
  open record;
begin
  for open in
    select database.datname
    from pg_catalog.pg_database as database
    where database.datname in ('postgres', 'template1')
      and exists (
        select
        from aclexplode(coalesce(database.datacl, acldefault('d', database.datdba))) as item
        where item.grantee = 0
      )
  loop
    execute format('revoke connect, temporary on database %I from public', open.datname);
  end loop;
end
$$;
