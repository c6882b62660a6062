-- Statements that drop the code of the schema peerage, in order; $1 are the functions that stay, because constraints call them.
select statement
from (
  select
    1 as step,
    format('drop trigger %I on %s', trigger.tgname, trigger.tgrelid::regclass) as statement
  from pg_catalog.pg_trigger as trigger
    join pg_catalog.pg_class as class on class.oid = trigger.tgrelid
    join pg_catalog.pg_proc as proc on proc.oid = trigger.tgfoid
  where class.relnamespace = 'peerage'::regnamespace
    and proc.pronamespace = 'peerage'::regnamespace
    and not trigger.tgisinternal
  union all
  select
    2,
    format('drop view %s', string_agg(class.oid::regclass::text, ', ' order by class.relname))
  from pg_catalog.pg_class as class
  where class.relnamespace = 'peerage'::regnamespace
    and class.relkind = 'v'
  having count(*) > 0
  union all
  select
    3,
    format('drop function %s', string_agg(proc.oid::regprocedure::text, ', ' order by proc.proname))
  from pg_catalog.pg_proc as proc
  where proc.pronamespace = 'peerage'::regnamespace
    and proc.proname <> all ($1)
  having count(*) > 0
) as drops
order by step
