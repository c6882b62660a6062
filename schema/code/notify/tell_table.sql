create function peerage.tell_table()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('peerage_settings', tg_table_name);
  return null;
end
$$;

comment on function peerage.tell_table() is 'Notifies channel peerage_settings that a table was changed; the payload is its name.';

do $$
declare
  told text;
begin
  foreach told in array array[
    'site', 'node', 'phone', 'queue', 'queue_assignment', 'queue_rule', 'pause_reason', 'login_account', 'supervisor_queue', 'api_token'
  ]
  loop
    execute format('create trigger %s_told after insert or update or delete on peerage.%1$s for each statement execute function peerage.tell_table()', told);
  end loop;
end
$$;
