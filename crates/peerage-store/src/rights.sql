-- What the current user lacks. $1 is migrate or nodes. One row for each right, with the statement that grants it.
with caller as (
  select
    role.rolname::text as login,
    quote_ident(role.rolname) as quoted,
    role.rolcreaterole,
    current_setting('server_version_num')::integer >= 160000 as grants_need_admin
  from pg_catalog.pg_roles as role
  where role.rolname = current_user
    and not role.rolsuper
),
wanted as (
  select
    name,
    exists (
      select
      from pg_catalog.pg_roles as role
      where role.rolname = name
    ) as found
  from unnest(array[
    'peerage_owner', 'peerage_app', 'peerage_asterisk', 'peerage_asterisk_sites', 'peerage_report', 'peerage_contacts', 'peerage_forwarder'
  ]) as name
)
select
  caller.login as login,
  'createrole' as missing,
  format('alter role %s createrole;', caller.quoted) as statement
from caller
where not caller.rolcreaterole
  and (
    $1 = 'nodes'
    or exists (
      select
      from wanted
      where not wanted.found
    )
  )
union all
select
  caller.login,
  'membership in peerage_owner',
  format('grant peerage_owner to %s;', caller.quoted)
from caller
  join wanted on wanted.name = 'peerage_owner' and wanted.found
where not pg_has_role(wanted.name, 'usage')
  -- The migration grants it to itself where it can: before PostgreSQL 16 who may create roles may grant them too.
  and (
    $1 = 'nodes'
    or case
      when caller.grants_need_admin then not pg_has_role(wanted.name, 'member with admin option')
      else not caller.rolcreaterole
    end
  )
union all
select
  caller.login,
  'create on the database',
  format('grant create on database %I to %s;', current_database(), caller.quoted)
from caller
where $1 = 'migrate'
  and not has_database_privilege(current_database(), 'create')
union all
select
  caller.login,
  format('the admin option on %s', wanted.name),
  format('grant %s to %s with admin option;', wanted.name, caller.quoted)
from caller
  join wanted on wanted.name in ('peerage_asterisk', 'peerage_asterisk_sites') and wanted.found
where $1 = 'nodes'
  and caller.grants_need_admin
  and not pg_has_role(wanted.name, 'member with admin option')
