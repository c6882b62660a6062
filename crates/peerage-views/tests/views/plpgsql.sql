-- What plpgsql_check says of every function of ours, with all its warnings; and what it does not reach. A trigger's function is
-- checked for each table that it stands on, with the transition tables of its triggers there.
with function as (
  select
    proc.oid,
    proc.oid::regprocedure::text as name,
    proc.prorettype = 'trigger'::regtype as is_trigger,
    proc.prosqlbody is not null as is_bound,
    language.lanname
  from pg_catalog.pg_proc as proc
    join pg_catalog.pg_namespace as namespace on namespace.oid = proc.pronamespace
    join pg_catalog.pg_language as language on language.oid = proc.prolang
  where pg_get_userbyid(namespace.nspowner) = 'peerage_owner'
),
place as (
  select
    function.oid,
    function.name,
    coalesce(trigger.tgrelid, 0) as relation,
    max(trigger.tgoldtable) as old_table,
    max(trigger.tgnewtable) as new_table
  from function
    left join pg_catalog.pg_trigger as trigger on trigger.tgfoid = function.oid
  where function.lanname = 'plpgsql'
    and function.is_trigger = (trigger.oid is not null)
  group by
    function.oid,
    function.name,
    trigger.tgrelid
),
said as (
  select
    place.name,
    finding.level,
    finding.message,
    replace(coalesce('line ' || finding.lineno || ': ', '') || concat_ws('; ', finding.message, finding.detail, finding.query), e'\n', ' ') as detail
  from place
    cross join lateral plpgsql_check_function_tb(
      place.oid::regprocedure,
      place.relation::regclass,
      fatal_errors := false,
      other_warnings := true,
      performance_warnings := true,
      extra_warnings := true,
      security_warnings := true,
      oldtable := place.old_table,
      newtable := place.new_table
    ) as finding
  union all
  -- SQL's own bodies were checked when they were bound.
  select
    function.name,
    'error',
    'not reached',
    'not reached: a function of language ' || function.lanname || ', or a trigger''s function that stands on no table'
  from function
  where not exists (
      select
      from place
      where place.oid = function.oid
    )
    and not (function.lanname = 'sql' and function.is_bound)
)
select distinct
  said.name,
  said.level,
  said.message,
  said.detail
from said
order by
  said.name,
  said.detail
