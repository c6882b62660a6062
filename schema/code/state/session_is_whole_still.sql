create function peerage.session_is_whole_still()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.check_session(coalesce(new.session_id, old.session_id));
  return null;
end
$$;

comment on function peerage.session_is_whole_still() is 'Checks the session of a row that hangs on one when the transaction ends.';

create constraint trigger agent_place_whole_update
  after update of session_id, interface, ended_at on peerage.agent_place
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_place_whole_delete
  after delete on peerage.agent_place
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_state_whole_insert
  after insert on peerage.agent_state
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole_still();

create constraint trigger agent_state_whole_update
  after update of session_id, began_at, ended_at on peerage.agent_state
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_state_whole_delete
  after delete on peerage.agent_state
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_insert
  after insert on peerage.agent_pause
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_update
  after update on peerage.agent_pause
  deferrable initially deferred
  for each row
  when (old.ended_at is null or new.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_delete
  after delete on peerage.agent_pause
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_request_whole
  after insert or update on peerage.agent_request
  deferrable initially deferred
  for each row
  when (new.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger queue_login_whole_insert
  after insert on peerage.queue_login
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole_still();

create constraint trigger queue_login_whole_update
  after update of session_id, queue_id, queue_name, interface, state_interface, paused on peerage.queue_login
  deferrable initially deferred
  for each row
  when (
    (old.session_id, old.queue_id, old.queue_name, old.interface, old.state_interface, old.paused)
    <> (new.session_id, new.queue_id, new.queue_name, new.interface, new.state_interface, new.paused)
  )
  execute function peerage.session_is_whole_still();
