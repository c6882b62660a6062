create function peerage.tell_devices()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  devices text[];
begin
  if tg_op = 'INSERT' then
    devices := array(select changed.device from new_rows as changed limit 201);
  elsif tg_op = 'DELETE' then
    devices := array(select changed.device from old_rows as changed limit 201);
  else
    devices := array(
      select changed.device
      from new_rows as changed
        join old_rows as before on before.node_id = changed.node_id and before.device = changed.device
      where before.says <> changed.says
      limit 201
    );
  end if;
  perform peerage.tell(
    'peerage_registrations',
    array(
      select split_part(device, '/', 2)
      from unnest(devices) as device
      union
      select session.agent_number
      from peerage.agent_session as session
      where session.ended_at is null
        and session.interface = any (devices)
    )
  );
  return null;
end
$$;

comment on function peerage.tell_devices() is 'Notifies channel peerage_registrations of the accounts whose device states a statement changed, and of the agents whose calls ring there.';

create trigger node_device_told_insert
  after insert on peerage.node_device
  referencing new table as new_rows
  for each statement
  execute function peerage.tell_devices();

create trigger node_device_told_update
  after update on peerage.node_device
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.tell_devices();

create trigger node_device_told_delete
  after delete on peerage.node_device
  referencing old table as old_rows
  for each statement
  execute function peerage.tell_devices();
