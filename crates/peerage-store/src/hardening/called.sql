-- Functions that checks, defaults, conditions of triggers and expressions of indexes call run with the rights of whoever
-- writes the row, and those that views call with the rights of whoever reads. They are granted here, from the catalogue,
-- to the group roles that do, so that nobody keeps a list. Nothing is written where nothing is missing.
do $$
declare
  missing record;
begin
  for missing in
    with recursive member as (
      select
        role.oid,
        role.rolname as role
      from pg_catalog.pg_roles as role
      where role.rolname like 'peerage\_%'
        and role.rolname <> 'peerage_owner'
        and not role.rolcanlogin
    ),
    ours as (
      select namespace.oid
      from pg_catalog.pg_namespace as namespace
      where pg_get_userbyid(namespace.nspowner) = 'peerage_owner'
    ),
    relation as (
      select
        class.oid,
        class.relkind
      from pg_catalog.pg_class as class
        join ours on ours.oid = class.relnamespace
      where class.relkind in ('r', 'v')
    ),
    -- A view stands for the tables that it is written through to.
    written_through as (
      select
        relation.oid as written,
        relation.oid as stored
      from relation
      union
      select
        rule.ev_class,
        depend.refobjid
      from pg_catalog.pg_rewrite as rule
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_rewrite'::regclass and depend.objid = rule.oid
        join relation on relation.oid = depend.refobjid
    ),
    -- What stands on a table and calls functions, with the function.
    calls as (
      select
        con.conrelid as relation,
        depend.refobjid as function
      from pg_catalog.pg_constraint as con
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_constraint'::regclass and depend.objid = con.oid
      where depend.refclassid = 'pg_catalog.pg_proc'::regclass
      union
      select
        def.adrelid,
        depend.refobjid
      from pg_catalog.pg_attrdef as def
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_attrdef'::regclass and depend.objid = def.oid
      where depend.refclassid = 'pg_catalog.pg_proc'::regclass
      union
      select
        trigger.tgrelid,
        depend.refobjid
      from pg_catalog.pg_trigger as trigger
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_trigger'::regclass and depend.objid = trigger.oid
      where depend.refclassid = 'pg_catalog.pg_proc'::regclass
        and depend.refobjid <> trigger.tgfoid
      union
      select
        index.indrelid,
        depend.refobjid
      from pg_catalog.pg_index as index
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_class'::regclass and depend.objid = index.indexrelid
      where depend.refclassid = 'pg_catalog.pg_proc'::regclass
    ),
    called (role, function) as (
      select
        member.role,
        calls.function
      from calls
        join written_through on written_through.stored = calls.relation
        join member on has_any_column_privilege(member.oid, written_through.written, 'insert, update')
      union
      select
        member.role,
        depend.refobjid
      from relation
        join pg_catalog.pg_rewrite as rule on rule.ev_class = relation.oid
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_rewrite'::regclass and depend.objid = rule.oid
        join member on has_any_column_privilege(member.oid, relation.oid, 'select')
      where relation.relkind = 'v'
        and depend.refclassid = 'pg_catalog.pg_proc'::regclass
      union
      -- What an SQL body calls in turn.
      select
        called.role,
        depend.refobjid
      from called
        join pg_catalog.pg_depend as depend on depend.classid = 'pg_catalog.pg_proc'::regclass and depend.objid = called.function
      where depend.refclassid = 'pg_catalog.pg_proc'::regclass
    )
    select
      called.role,
      called.function
    from called
      join pg_catalog.pg_proc as proc on proc.oid = called.function
      join ours on ours.oid = proc.pronamespace
    where proc.prorettype <> 'pg_catalog.trigger'::regtype
      and not has_function_privilege(called.role, called.function, 'execute')
    order by
      called.role,
      called.function::regprocedure::text
  loop
    execute format('grant execute on function %s to %I', missing.function::regprocedure, missing.role);
  end loop;
end
$$;
