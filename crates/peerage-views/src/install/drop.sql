-- Views first: their triggers go with them, and only then do the functions stand free, once their operators are gone too.
do $$
declare
  statement text;
begin
  for statement in
    select format('drop view %s', string_agg(class.oid::regclass::text, ', ' order by class.relname))
    from pg_catalog.pg_class as class
    where class.relnamespace in ('asterisk'::regnamespace, 'asterisk_sites'::regnamespace, 'report'::regnamespace)
      and class.relkind = 'v'
    having count(*) > 0
    union all
    select format('drop operator %s', oper.oid::regoperator)
    from pg_catalog.pg_operator as oper
    where oper.oprnamespace in ('asterisk'::regnamespace, 'asterisk_sites'::regnamespace)
    union all
    select format('drop function %s', string_agg(proc.oid::regprocedure::text, ', ' order by proc.proname))
    from pg_catalog.pg_proc as proc
    where proc.pronamespace in ('asterisk'::regnamespace, 'asterisk_sites'::regnamespace, 'report'::regnamespace)
    having count(*) > 0
  loop
    execute statement;
  end loop;
end
$$;
