create function peerage.actor()
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
  if found then
    return 'asterisk:' || known;
  end if;
  return coalesce(
    nullif(current_setting('peerage.actor', true), ''),
    who || coalesce(' (' || nullif(current_setting('application_name'), '') || ')', '')
  );
end
$$;

comment on function peerage.actor() is
  'Who acts: a node by its login, whatever the session says; else the setting peerage.actor of the transaction; else the database user, with what the program calls itself.';
