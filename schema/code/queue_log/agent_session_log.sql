create function peerage.agent_session_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (new.began_at, 'NONE', 'NONE', new.member_name, 'AGENTCALLBACKLOGIN', new.interface, new.agent_id, new.agent_number);
  else
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3, agent_id, agent_number)
    values (
      new.ended_at,
      'NONE',
      'NONE',
      new.member_name,
      'AGENTCALLBACKLOGOFF',
      new.interface,
      floor(extract(epoch from new.ended_at - new.began_at))::bigint::text,
      new.end_cause,
      new.agent_id,
      new.agent_number
    );
  end if;
  return null;
end
$$;

comment on function peerage.agent_session_log() is 'Writes the login and logoff lines that reporting tools on queue_log expect, once each.';

create trigger agent_session_log_in
  after insert on peerage.agent_session
  for each row
  execute function peerage.agent_session_log();

create trigger agent_session_log_off
  after update of ended_at on peerage.agent_session
  for each row
  when (old.ended_at is null and new.ended_at is not null)
  execute function peerage.agent_session_log();
