create function peerage.report_devices(
  of_node text,
  by_service text,
  by_epoch bigint,
  devices text[],
  words text[],
  missing text[],
  is_all boolean
)
  returns boolean
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  target bigint;
begin
  select lease.node_id
  into target
  from peerage.node_lease as lease
    join peerage.node as node on node.id = lease.node_id
  where node.name = of_node
    and lease.service = by_service
    and lease.epoch = by_epoch
    and lease.expires_at > clock_timestamp();
  if not found then
    return false;
  end if;

  insert into peerage.node_device as known (node_id, device, says)
  select
    target,
    said.device,
    said.word
  from unnest(devices, words) as said (device, word)
  on conflict on constraint node_device_node_id_device_pk do update
  set
    says = excluded.says,
    changed_at = clock_timestamp()
  where known.says <> excluded.says;

  if is_all then
    delete from peerage.node_device as known
    where known.node_id = target
      and known.device <> all (devices);
  end if;

  if missing is not null then
    insert into peerage.node_report as known (node_id, epoch, missing_modules)
    values (target, by_epoch, missing)
    on conflict on constraint node_report_node_id_pk do update
    set
      epoch = excluded.epoch,
      missing_modules = excluded.missing_modules,
      changed_at = case
        when known.missing_modules = excluded.missing_modules then known.changed_at
        else clock_timestamp()
      end
    where known.epoch <> excluded.epoch
      or known.missing_modules <> excluded.missing_modules;
  end if;
  return true;
end
$$;

comment on function peerage.report_devices(text, text, bigint, text[], text[], text[], boolean) is
  'Keeps what a node says of these devices, of all it knows when is_all is true, and the modules it lacks unless missing is null. Changes nothing and returns false unless the service leads the node.';
