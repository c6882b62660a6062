create function peerage.queue_renamed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.queue_login
  set
    queue_name = new.name,
    uniqueid = default
  where queue_id = new.id;
  return null;
end
$$;

comment on function peerage.queue_renamed() is 'Members go with a queue that gets another name, as new ones.';

create trigger queue_renamed
  after update of name on peerage.queue
  for each row
  when (old.name is distinct from new.name)
  execute function peerage.queue_renamed();
