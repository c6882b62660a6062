-- What keeps the logins of a migrated database in their place and is not in force, each with the statement that puts it in
-- force. Its owner, or whoever made the logins, may.
with here as (
  select
    database.oid,
    database.datname,
    database.datacl,
    database.datdba
  from pg_catalog.pg_database as database
  where database.datname = current_database()
),
granted as (
  select
    item.grantee,
    item.privilege_type
  from here
    cross join lateral aclexplode(coalesce(here.datacl, acldefault('d', here.datdba))) as item
),
-- Whoever may add nodes may name any role there: only a member of Asterisk's group, granted as such, is a node's login.
node_login as (
  select role.*
  from peerage.node as node
    join pg_catalog.pg_roles as role on role.rolname = node.login
  where exists (
    select
    from pg_catalog.pg_auth_members as membership
    where membership.member = role.oid
      and pg_get_userbyid(membership.roleid) in ('peerage_asterisk', 'peerage_asterisk_sites')
  )
),
item (rank, what, statement) as (
  select
    1,
    'a group role of Peerage cannot connect of its own right',
    format('grant connect on database %I to %s', here.datname, string_agg(format('%I', role.rolname), ', ' order by role.rolname))
  from here
    cross join pg_catalog.pg_roles as role
  where role.rolname in ('peerage_owner', 'peerage_app', 'peerage_asterisk', 'peerage_asterisk_sites', 'peerage_report')
    and not exists (
      select
      from granted
      where granted.grantee = role.oid
        and granted.privilege_type = 'CONNECT'
    )
  group by here.datname
  union all
  select
    2,
    'any login may connect to this database, or make temporary objects in it',
    format('revoke connect, temporary on database %I from public', here.datname)
  from here
  where exists (
    select
    from granted
    where granted.grantee = 0
  )
  union all
  select
    3,
    'any login may make objects in schema public',
    'revoke create on schema public from public'
  from pg_catalog.pg_namespace as namespace
    cross join lateral aclexplode(namespace.nspacl) as item
  where namespace.nspname = 'public'
    and item.grantee = 0
    and item.privilege_type = 'CREATE'
  union all
  select
    4,
    format('the login %I lacks a limit', node_login.rolname),
    format('alter role %I set %s = %s', node_login.rolname, wanted.setting, wanted.value)
  from node_login
    cross join lateral (
      values
        (
          'search_path',
          case
            when pg_has_role(node_login.oid, 'peerage_asterisk_sites', 'member') then 'asterisk_sites, pg_catalog'
            else 'asterisk, pg_catalog'
          end
        ),
        ('client_encoding', '''LATIN1'''),
        ('statement_timeout', '''10s'''),
        ('lock_timeout', '''5s'''),
        ('idle_in_transaction_session_timeout', '''10s''')
    ) as wanted (setting, value)
  where not exists (
    select
    from unnest(node_login.rolconfig) as line
    where line like wanted.setting || '=%'
      and line <> wanted.setting || '=0'
      -- Without pg_catalog behind it, the operators of the schema are not found.
      and (wanted.setting <> 'search_path' or line = 'search_path=' || wanted.value)
  )
  union all
  select
    5,
    format('the login %I may open any number of connections', node_login.rolname),
    format('alter role %I connection limit 10', node_login.rolname)
  from node_login
  where node_login.rolconnlimit < 0
  union all
  select
    6,
    format('the login %I may do more than a node needs', node_login.rolname),
    format('alter role %I nosuperuser nocreatedb nocreaterole noreplication nobypassrls', node_login.rolname)
  from node_login
  where node_login.rolsuper
    or node_login.rolcreatedb
    or node_login.rolcreaterole
    or node_login.rolreplication
    or node_login.rolbypassrls
  union all
  select
    7,
    format('Peerage cannot end what the login %I leaves open', node_login.rolname),
    format('grant %I to peerage_owner', node_login.rolname)
  from node_login
  where not pg_has_role('peerage_owner', node_login.oid, 'member')
)
select
  item.what,
  item.statement
from item
order by
  item.rank,
  item.statement
