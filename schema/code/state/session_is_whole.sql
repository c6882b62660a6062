create function peerage.session_is_whole()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.check_session(new.id);
  return null;
end
$$;

comment on function peerage.session_is_whole() is 'Checks a session when the transaction ends.';

-- Fired where a change may break something, and seldom in an ordinary one: a pause is an insert, an end is an update.
create constraint trigger agent_session_whole_insert
  after insert on peerage.agent_session
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole();

create constraint trigger agent_session_whole_update
  after update of interface, ended_at on peerage.agent_session
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole();
