create function peerage.node_clock_ahead(of_login text)
  returns bigint
  language sql
  stable
  set search_path = pg_catalog, pg_temp
  return (
    select clock.ahead
    from peerage.node_clock as clock
    where clock.login = of_login
      and clock.backend = pg_backend_pid()
      and clock.seen_at > clock_timestamp() - interval '2 minutes'
  );

comment on function peerage.node_clock_ahead(text) is 'How many seconds the clock of the node that has this session is ahead; null when this session has not shown it lately.';
