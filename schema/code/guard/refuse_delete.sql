-- Without its row a lock would lock nothing.
create function peerage.refuse_delete()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('rows of %s cannot be deleted: they are what is locked', tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

comment on function peerage.refuse_delete() is 'Refuses DELETE of a table whose rows are there to be locked.';

create trigger contact_lock_delete
  before delete on peerage.contact_lock
  for each statement
  execute function peerage.refuse_delete();

create trigger interface_lock_delete
  before delete on peerage.interface_lock
  for each statement
  execute function peerage.refuse_delete();
