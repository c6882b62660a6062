create function peerage.tell_member()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.tell(
    'peerage_agents',
    array(
      select session.agent_number
      from peerage.agent_session as session
      where session.id = new.session_id
    )
  );
  return null;
end
$$;

comment on function peerage.tell_member() is 'Notifies channel peerage_agents of the agent whose membership is replaced, or changed in more than its pause.';

create trigger queue_login_told_update
  after update on peerage.queue_login
  for each row
  when (
    (old.uniqueid, old.queue_name, old.member_name, old.penalty, old.session_id, old.ring_in_use, old.rests_until)
    is distinct from (new.uniqueid, new.queue_name, new.member_name, new.penalty, new.session_id, new.ring_in_use, new.rests_until)
  )
  execute function peerage.tell_member();
