-- Somebody who may write a row may also keep it locked, as long as the transaction is open; and a login may lift its own
-- limits (statement_timeout and the like). Asterisk's statements are a transaction each.
create function peerage.end_overlong_transactions(longest interval)
  returns integer
  language sql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select count(*)::integer
  from (
    select pg_terminate_backend(activity.pid) as ended
    from pg_stat_activity as activity
    where activity.datname = current_database()
      and activity.usename in (
        select node.login
        from peerage.node as node
      )
      and clock_timestamp() - activity.xact_start > longest
      -- Whoever waits goes on when the one who is waited for is gone.
      and activity.wait_event_type is distinct from 'Lock'
  ) as closed
  where closed.ended;
end;

comment on function peerage.end_overlong_transactions(interval) is 'Closes the connections of nodes'' logins whose transaction has been open for longer, and returns how many. Sees those logins of which peerage_owner is a member.';
