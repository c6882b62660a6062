drop trigger queue_login_log on peerage.queue_login;
drop function peerage.queue_login_log();
drop function peerage.logged_agent(text, text, timestamptz);

create or replace function peerage.agent_session_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1)
    values (new.began_at, 'NONE', 'NONE', new.member_name, 'AGENTCALLBACKLOGIN', new.interface);
  else
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3)
    values (
      new.ended_at,
      'NONE',
      'NONE',
      new.member_name,
      'AGENTCALLBACKLOGOFF',
      new.interface,
      floor(extract(epoch from new.ended_at - new.began_at))::bigint::text,
      new.end_cause
    );
  end if;
  return null;
end
$$;

drop index peerage.agent_session_member_name_began_at_idx;

alter table peerage.queue_log
  drop column agent_id,
  drop column agent_number;

comment on column peerage.queue_log.agent is 'Member name, or NONE.';
