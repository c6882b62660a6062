create function peerage.queue_login_is_another()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.pause_seen
  where uniqueid = old.uniqueid;
  return new;
end
$$;

comment on function peerage.queue_login_is_another() is 'A membership that gets another uniqueid is another member: no node has spoken of it.';

create trigger queue_login_is_another
  before update of uniqueid on peerage.queue_login
  for each row
  when (old.uniqueid is distinct from new.uniqueid)
  execute function peerage.queue_login_is_another();
