create function peerage.another_is_able(of_node bigint, than_service text, within interval)
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from peerage.node_service as other
    where other.node_id = of_node
      and other.service <> than_service
      and other.is_able
      and other.seen_at > clock_timestamp() - within
  )
$$;

comment on function peerage.another_is_able(bigint, text, interval) is 'Whether another service could lead a node: it said so within this time.';
