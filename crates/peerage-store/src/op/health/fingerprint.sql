-- A hash of all that stands in the schemas, so that a view, function or trigger that was dropped or changed by hand is noticed. Without
-- parentheses and blanks: PostgreSQL sets others when it reads a definition back from a dump. With the
-- server's release and with $1, the text of this statement: only what both made can be compared.
select concat_ws(
  ' ',
  md5(coalesce(string_agg(fact, e'\n' order by fact collate "C"), '')),
  current_setting('server_version_num')::integer / 10000,
  left(md5($1), 8)
) as fingerprint
from (
  select concat_ws(
    ' ',
    'relation',
    namespace.nspname,
    class.relname,
    class.relkind,
    pg_get_userbyid(class.relowner),
    case
      when class.relkind = 'v' then array_to_string(class.reloptions, ',')
    end,
    class.relrowsecurity,
    class.relforcerowsecurity,
    case
      when class.relkind = 'v' then translate(pg_get_viewdef(class.oid), e'() \n', '')
    end,
    (
      select string_agg(granted.line, ',' order by granted.line collate "C")
      from (
        select concat_ws(
          ':',
          case
            when item.grantee = 0 then 'public'
            else pg_get_userbyid(item.grantee)
          end,
          item.privilege_type
        ) as line
        from aclexplode(class.relacl) as item
        -- Whom a DBA lets read besides is the DBA's business.
        where item.grantee <> class.relowner
          and (item.grantee = 0 or pg_get_userbyid(item.grantee) like 'peerage\_%')
      ) as granted
    )
  ) as fact
  from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    -- As long as `reindex concurrently` goes on.
    and class.relname !~ '_cc(new|old)[0-9]*$'
  union all
  select concat_ws(' ', 'trigger', translate(pg_get_triggerdef(trigger.oid), e'() \n', ''), trigger.tgenabled)
  from pg_catalog.pg_trigger as trigger
    join pg_catalog.pg_class as class on class.oid = trigger.tgrelid
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and not trigger.tgisinternal
  union all
  select concat_ws(' ', 'function', namespace.nspname, case
    when proc.prosqlbody is null then pg_get_functiondef(proc.oid)
    else translate(pg_get_functiondef(proc.oid), e'() \n', '')
  end, pg_get_userbyid(proc.proowner))
  from pg_catalog.pg_proc as proc
    join pg_catalog.pg_namespace as namespace on namespace.oid = proc.pronamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and proc.prokind = 'f'
  union all
  select concat_ws(' ', 'operator', namespace.nspname, oper.oprname, oper.oprcode::oid::regprocedure)
  from pg_catalog.pg_operator as oper
    join pg_catalog.pg_namespace as namespace on namespace.oid = oper.oprnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
  union all
  select concat_ws(' ', 'rule', pg_get_ruledef(rule.oid), rule.ev_enabled)
  from pg_catalog.pg_rewrite as rule
    join pg_catalog.pg_class as class on class.oid = rule.ev_class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and rule.rulename <> '_RETURN'
  union all
  select concat_ws(' ', 'constraint', class.relname, con.conname, translate(pg_get_constraintdef(con.oid), e'() \n', ''), con.convalidated)
  from pg_catalog.pg_constraint as con
    join pg_catalog.pg_class as class on class.oid = con.conrelid
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and con.contype in ('p', 'u', 'f', 'c', 'x')
  union all
  select concat_ws(' ', 'index', translate(pg_get_indexdef(index.indexrelid), e'() \n', ''), index.indisvalid)
  from pg_catalog.pg_index as index
    join pg_catalog.pg_class as class on class.oid = index.indexrelid
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and class.relname !~ '_cc(new|old)[0-9]*$'
  union all
  select concat_ws(' ', 'column', class.relname, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod), attribute.attnotnull, attribute.attidentity, attribute.attgenerated, translate(pg_get_expr(given.adbin, given.adrelid), e'() \n', ''))
  from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_class as class on class.oid = attribute.attrelid
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    left join pg_catalog.pg_attrdef as given on given.adrelid = attribute.attrelid and given.adnum = attribute.attnum
  where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    and class.relkind in ('r', 'v')
    and attribute.attnum > 0
    and not attribute.attisdropped
  union all
  select concat_ws(
    ' ',
    'grant',
    granted.what,
    case
      when granted.grantee = 0 then 'public'
      else pg_get_userbyid(granted.grantee)
    end,
    granted.privilege_type
  )
  from (
    select
      'schema ' || namespace.nspname as what,
      item.grantee,
      item.privilege_type
    from pg_catalog.pg_namespace as namespace
      cross join lateral aclexplode(namespace.nspacl) as item
    where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    union all
    select
      'function ' || proc.oid::regprocedure::text,
      item.grantee,
      item.privilege_type
    from pg_catalog.pg_proc as proc
      join pg_catalog.pg_namespace as namespace on namespace.oid = proc.pronamespace
      cross join lateral aclexplode(coalesce(proc.proacl, acldefault('f', proc.proowner))) as item
    where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
    union all
    select
      'column ' || class.relname || '.' || attribute.attname,
      item.grantee,
      item.privilege_type
    from pg_catalog.pg_attribute as attribute
      join pg_catalog.pg_class as class on class.oid = attribute.attrelid
      join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
      cross join lateral aclexplode(attribute.attacl) as item
    where namespace.nspname in ('peerage', 'asterisk', 'asterisk_sites', 'report')
  ) as granted
  -- Whom a DBA lets read besides is the DBA's business.
  where granted.grantee = 0
    or pg_get_userbyid(granted.grantee) like 'peerage\_%'
) as object
