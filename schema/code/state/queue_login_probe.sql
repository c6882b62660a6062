create function peerage.queue_login_probe()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Without an error, so that `delete from peerage.queue_login` removes all members.
  return null;
end
$$;

comment on function peerage.queue_login_probe() is 'Keeps the row from which app_queue learns which columns there are, when all others are deleted.';

create trigger queue_login_probe
  before delete on peerage.queue_login
  for each row
  when (old.session_id is null)
  execute function peerage.queue_login_probe();
