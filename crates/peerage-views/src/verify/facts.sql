-- All that can be told of the objects of one schema, as text; $1 is its name. Grants to others than the public and Peerage's own roles are the DBA's
-- business, as storage parameters of tables are.
with relation as (
  select
    class.oid,
    class.relname,
    class.relkind,
    case class.relkind
      when 'v' then 'view '
      when 'i' then 'index '
      when 'S' then 'sequence '
      else 'table '
    end as kind,
    class.relowner,
    class.relacl,
    class.reloptions
  from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname = $1
),
routine as (
  select
    proc.oid,
    proc.proname,
    proc.proowner,
    proc.proacl
  from pg_catalog.pg_proc as proc
    join pg_catalog.pg_namespace as namespace on namespace.oid = proc.pronamespace
  where namespace.nspname = $1
    and proc.prokind in ('f', 'p')
)
select
  kind || relname as object,
  case
    when relkind = 'v' then 'definition: ' || pg_get_viewdef(oid)
    else 'is of kind ' || relkind::text
  end as fact
from relation
union all
select
  kind || relname,
  'owner: ' || pg_get_userbyid(relowner)
from relation
union all
select
  kind || relname,
  'options: ' || coalesce(array_to_string(reloptions, ', '), 'none')
from relation
where relkind = 'v'
union all
select
  kind || relname,
  'comment: ' || coalesce(obj_description(oid, 'pg_class'), 'none')
from relation
union all
select
  kind || relname,
  'grant: '
  || case
    when item.grantee = 0 then 'public'
    else pg_get_userbyid(item.grantee)
  end
  || ' may '
  || item.privilege_type
from relation
  cross join lateral aclexplode(relacl) as item
where item.grantee <> relowner
  and (item.grantee = 0 or pg_get_userbyid(item.grantee) like 'peerage\_%')
union all
select
  'column ' || relname || '.' || attribute.attname,
  'type: '
  || format_type(attribute.atttypid, attribute.atttypmod)
  || ', collation: '
  || coalesce(collation_of.collname, 'none')
  || ', position: '
  || attribute.attnum
from relation
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
  left join pg_catalog.pg_collation as collation_of on collation_of.oid = attribute.attcollation
union all
select
  'column ' || relname || '.' || attribute.attname,
  'comment: ' || coalesce(col_description(relation.oid, attribute.attnum), 'none')
from relation
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
union all
select
  'constraint ' || relname || '.' || con.conname,
  pg_get_constraintdef(con.oid)
from relation
  join pg_catalog.pg_constraint as con on con.conrelid = relation.oid
where con.contype in ('p', 'u', 'f', 'c', 'x')
union all
select
  kind || relname,
  'definition: ' || pg_get_indexdef(oid)
from relation
where relkind = 'i'
union all
select
  'column ' || relname || '.' || attribute.attname,
  'default: ' || coalesce(pg_get_expr(given.adbin, given.adrelid), 'none') || ', not null: ' || attribute.attnotnull || ', generated: ' || attribute.attgenerated::text || attribute.attidentity::text
from relation
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
  left join pg_catalog.pg_attrdef as given on given.adrelid = attribute.attrelid and given.adnum = attribute.attnum
union all
select
  'trigger ' || relname || '.' || trigger.tgname,
  pg_get_triggerdef(trigger.oid)
  || case
    when trigger.tgenabled <> 'O' then ' (enabled: ' || trigger.tgenabled::text || ')'
    else ''
  end
from relation
  join pg_catalog.pg_trigger as trigger on trigger.tgrelid = relation.oid
where not trigger.tgisinternal
union all
select
  'function ' || proname,
  'definition: ' || pg_get_functiondef(oid)
from routine
union all
select
  'function ' || proname,
  'owner: ' || pg_get_userbyid(proowner)
from routine
union all
select
  'function ' || proname,
  'comment: ' || coalesce(obj_description(oid, 'pg_proc'), 'none')
from routine
union all
select
  'function ' || proname,
  'grants: ' || coalesce(proacl::text, 'default')
from routine
union all
select
  'operator ' || oper.oprname,
  'function: ' || oper.oprcode::text || ', types: ' || format_type(oper.oprleft, null) || ' and ' || format_type(oper.oprright, null)
from pg_catalog.pg_operator as oper
  join pg_catalog.pg_namespace as namespace on namespace.oid = oper.oprnamespace
where namespace.nspname = $1
union all
select
  'rule ' || relname || '.' || rule.rulename,
  pg_get_ruledef(rule.oid)
from relation
  join pg_catalog.pg_rewrite as rule on rule.ev_class = relation.oid
where rule.rulename <> '_RETURN'
union all
select
  'column ' || relname || '.' || attribute.attname,
  'grant: '
  || case
    when item.grantee = 0 then 'public'
    else pg_get_userbyid(item.grantee)
  end
  || ' may '
  || item.privilege_type
from relation
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid
  cross join lateral aclexplode(attribute.attacl) as item
where item.grantee = 0
  or pg_get_userbyid(item.grantee) like 'peerage\_%'
union all
select
  'schema',
  'grant on '
  || namespace.nspname
  || ': '
  || case
    when item.grantee = 0 then 'public'
    else pg_get_userbyid(item.grantee)
  end
  || ' may '
  || item.privilege_type
from pg_catalog.pg_namespace as namespace
  cross join lateral aclexplode(namespace.nspacl) as item
where namespace.nspname = $1
  and item.grantee <> namespace.nspowner
  and (item.grantee = 0 or pg_get_userbyid(item.grantee) like 'peerage\_%')
union all
select
  relation.kind || relation.relname,
  'row security: ' || class.relrowsecurity || ', ' || class.relforcerowsecurity
from relation
  join pg_catalog.pg_class as class on class.oid = relation.oid
where class.relkind = 'r'
union all
select
  kind || relname,
  'policy: ' || policy.polname
from relation
  join pg_catalog.pg_policy as policy on policy.polrelid = relation.oid
