do $$
declare
  guarded record;
begin
  for guarded in
    select
      class.relname,
      trigger.tgname
    from pg_catalog.pg_trigger as trigger
      join pg_catalog.pg_class as class on class.oid = trigger.tgrelid
    where trigger.tgfoid = 'peerage.refuse_truncate()'::regprocedure
  loop
    execute format('drop trigger %I on peerage.%I', guarded.tgname, guarded.relname);
  end loop;
end
$$;

drop function peerage.end_overlong_transactions(interval);
drop function peerage.refuse_truncate();
drop function peerage.refuse_delete() cascade;
drop function peerage.session_is_whole_still() cascade;
drop function peerage.session_is_whole() cascade;
drop function peerage.check_session(bigint);
drop index peerage.agent_pause_session_id_open_idx;
drop function peerage.agent_removed() cascade;
drop function peerage.refuse_new_id() cascade;
drop function peerage.account_has_an_owner() cascade;
drop function peerage.account_goes_with_its_owner() cascade;
drop table peerage.interface_lock;
