-- Functions of ours that a login could turn against their owner, each with what is wrong with it.
with function as (
  select
    proc.oid,
    proc.oid::regprocedure::text as name,
    proc.proowner,
    proc.prosecdef,
    proc.proconfig,
    proc.prosqlbody,
    proc.prorettype,
    coalesce(proc.proacl, acldefault('f', proc.proowner)) as acl
  from pg_catalog.pg_proc as proc
    join pg_catalog.pg_namespace as namespace on namespace.oid = proc.pronamespace
  where namespace.nspname in ('peerage', 'asterisk', 'report')
    or pg_get_userbyid(namespace.nspowner) = 'peerage_owner'
)
select
  function.name,
  fault
from function
  cross join lateral (
    select 'does not look in pg_temp last'
    where (function.prosqlbody is null or function.prosecdef)
      and not exists (
        select
        from unnest(function.proconfig) as setting
        where setting like 'search_path=%, pg_temp'
      )
    union all
    select 'is for anybody'
    from aclexplode(function.acl) as item
    where item.grantee = 0
    union all
    select 'runs as another than peerage_owner'
    where function.prosecdef
      and pg_get_userbyid(function.proowner) <> 'peerage_owner'
    union all
    select 'is a trigger''s, and ' || pg_get_userbyid(item.grantee) || ' may make a trigger of it'
    from aclexplode(function.acl) as item
    where function.prorettype = 'trigger'::regtype
      and item.grantee <> function.proowner
  ) as found (fault)
order by
  function.name,
  fault
