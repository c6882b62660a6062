create function peerage.writer()
  returns text
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  who text := session_user::text;
  known text;
begin
  select node.name
  into known
  from peerage.node as node
  where node.login = who;
  return coalesce(known, who);
end
$$;

comment on function peerage.writer() is
  'Which node writes: the one whose login this is, whatever the connection calls itself; of a login that is no node''s, its own name.';
