-- What keeps the login of each node from its work: one row for each fault.
with node as (
  select
    node.name,
    node.login,
    node.all_sites,
    role.oid,
    role.rolcanlogin,
    role.rolvaliduntil,
    case
      when node.all_sites then 'peerage_asterisk'
      else 'peerage_asterisk_sites'
    end as wanted_group,
    case
      when node.all_sites then 'asterisk, pg_catalog'
      else 'asterisk_sites, pg_catalog'
    end as wanted_path
  from peerage.node as node
    left join pg_catalog.pg_roles as role on role.rolname = node.login
),
setting as (
  select
    node.name,
    -- A setting for this database wins over one for all.
    (
      select substring(line from 13)
      from pg_catalog.pg_db_role_setting as kept
        join pg_catalog.pg_database as here on here.datname = current_database()
        cross join lateral unnest(kept.setconfig) as line
      where kept.setrole = node.oid
        and kept.setdatabase in (0, here.oid)
        and line like 'search\_path=%'
      order by kept.setdatabase desc
      limit 1
    ) as path
  from node
)
select
  node.name::text as node,
  'its database login ' || quote_ident(node.login) || ' is gone: remove the node and add it again' as fault
from node
where node.oid is null
union all
select
  node.name::text,
  'its database login may not sign in: `alter role ' || quote_ident(node.login) || ' login`'
from node
where not node.rolcanlogin
union all
select
  node.name::text,
  'the password of its database login has expired: `peerage node password ' || node.name || '`'
from node
where node.rolvaliduntil <= clock_timestamp()
union all
select
  node.name::text,
  'its database login is no member of ' || node.wanted_group || ', and reads nothing: `grant ' || node.wanted_group || ' to '
  || quote_ident(node.login) || '`'
from node
where node.oid is not null
  and not pg_has_role(node.oid, node.wanted_group, 'usage')
union all
select
  node.name::text,
  'its database login may not connect: `grant connect on database ' || quote_ident(current_database()) || ' to ' || quote_ident(node.login) || '`'
from node
where node.oid is not null
  and not has_database_privilege(node.oid, current_database(), 'connect')
union all
select
  node.name::text,
  'its database login has ' || coalesce('the search_path `' || setting.path || '`', 'no search_path') || ', and does not find the views: `alter role '
  || quote_ident(node.login) || ' set search_path = ' || node.wanted_path || '`, then restart Asterisk'
from node
  join setting on setting.name = node.name
where node.oid is not null
  and setting.path is distinct from node.wanted_path
union all
select
  node.name::text,
  'its clock is ' || abs(clock.ahead) || ' seconds '
  || case
    when clock.ahead > 0 then 'ahead of'
    else 'behind'
  end
  || ' the database''s: set it, and keep it by NTP'
from node
  join peerage.node_clock as clock on clock.login = node.login
where abs(clock.ahead) > 10
  and clock.seen_at > clock_timestamp() - interval '2 minutes'
order by
  1,
  2
