-- TRUNCATE passes every trigger by, so what a delete would clean up, tell and record would stay.
create function peerage.refuse_truncate()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('%s cannot be truncated: triggers that keep other tables in step would not run', tg_table_name),
    hint = format('delete from %I.%I', tg_table_schema, tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

comment on function peerage.refuse_truncate() is 'Refuses TRUNCATE of a table whose rows other tables follow.';

-- After all other triggers.
do $$
declare
  guarded text;
begin
  for guarded in
    select class.relname
    from pg_catalog.pg_class as class
    where class.relnamespace = 'peerage'::regnamespace
      and class.relkind = 'r'
      and (
        -- What stands in other tables by trigger: served to Asterisk, or recorded for good.
        class.relname in ('pjsip_endpoint', 'pjsip_auth', 'pjsip_aor', 'pjsip_identify', 'sip_peer', 'audit_entry', 'contact_lock', 'interface_lock')
        or exists (
          select
          from pg_catalog.pg_trigger as trigger
          where trigger.tgrelid = class.oid
            and not trigger.tgisinternal
            and trigger.tgtype & 8 <> 0
        )
      )
    order by class.relname
  loop
    execute format('create trigger %s_truncate before truncate on peerage.%1$I for each statement execute function peerage.refuse_truncate()', guarded);
  end loop;
end
$$;
