create function peerage.tell_report()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('peerage_registrations', '*');
  return null;
end
$$;

comment on function peerage.tell_report() is 'Notifies channel peerage_registrations that what a node says counts or no longer counts, for all agents.';

create trigger node_report_told
  after insert or update or delete on peerage.node_report
  for each row
  execute function peerage.tell_report();
