create function peerage.queue_login_rests()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.rests_until := (
    select least(max(log.time), clock_timestamp()) + make_interval(secs => queue.wrapup_seconds)
    from peerage.queue as queue
      join peerage.agent_session as session on session.id = new.session_id
      join peerage.queue_log as log on log.agent_id = session.agent_id
        and log.time > clock_timestamp() - make_interval(secs => queue.wrapup_seconds)
        and log.queuename = queue.name
        and log.event in ('COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER')
    where queue.id = new.queue_id
      and queue.wrapup_seconds > 0
    group by queue.id
  );
  if new.rests_until is not null then
    insert into peerage.queue_rest (uniqueid, until)
    values (new.uniqueid, new.rests_until)
    on conflict on constraint queue_rest_uniqueid_pk do update
    set until = excluded.until;
  end if;
  return new;
end
$$;

comment on function peerage.queue_login_rests() is 'Carries what is left of the rest after a call over to a new member, and notes its end.';

create trigger queue_login_rests
  before insert or update of uniqueid on peerage.queue_login
  for each row
  execute function peerage.queue_login_rests();
