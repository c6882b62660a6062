-- What only a superuser may put in force, and is not: $1 is the largest size of temporary files of one session. It holds
-- for a database that was never migrated, too.
with here as (
  select
    database.oid,
    database.datname
  from pg_catalog.pg_database as database
  where database.datname = current_database()
),
item (rank, what, statement) as (
  select
    1,
    'any login may store large objects and take advisory locks',
    format('revoke execute on function %s from public', string_agg('pg_catalog.' || proc.oid::regprocedure::text, ', ' order by proc.proname, proc.oid))
  from pg_catalog.pg_proc as proc
    cross join lateral aclexplode(coalesce(proc.proacl, acldefault('f', proc.proowner))) as item
  where proc.pronamespace = 'pg_catalog'::regnamespace
    and (
      proc.proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import')
      or proc.proname ~ '^pg_(try_)?advisory_(xact_)?lock'
    )
    and item.grantee = 0
  having count(*) > 0
  union all
  select
    2,
    'a session may fill the disk with temporary files',
    format('alter database %I set temp_file_limit = %L', here.datname, $1)
  from here
  where not exists (
      select
      from pg_catalog.pg_db_role_setting as setting
        cross join lateral unnest(setting.setconfig) as line
      where setting.setdatabase in (here.oid, 0)
        and setting.setrole = 0
        and line like 'temp_file_limit=%'
        and line <> 'temp_file_limit=-1'
    )
    and not exists (
      select
      from pg_catalog.pg_settings as setting
      where setting.name = 'temp_file_limit'
        and setting.setting <> '-1'
        and setting.source in ('configuration file', 'command line')
    )
)
select
  item.what,
  item.statement
from item
order by
  item.rank,
  item.statement
