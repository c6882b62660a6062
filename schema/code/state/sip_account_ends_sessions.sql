create function peerage.sip_account_ends_sessions()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  own bigint[] := array(
    select id
    from peerage.agent
    where number = old.number
  );
  interfaces text[] := array['PJSIP/' || old.number, 'SIP/' || old.number];
  ending record;
  at timestamptz;
begin
  for ending in
    select
      session.id,
      session.agent_id
    from peerage.agent_session as session
    where session.ended_at is null
      and (
        session.agent_id = any (own)
        or session.interface = any (interfaces)
      )
    order by session.agent_id
  loop
    at := peerage.lock_agent(ending.agent_id);
    -- It may have moved elsewhere while we waited for the lock.
    continue when ending.agent_id <> all (own) and not exists (
      select
      from peerage.agent_session as session
      where session.id = ending.id
        and session.interface = any (interfaces)
    );
    perform peerage.end_session(
      ending.id,
      case
        when tg_op = 'DELETE' then 'removed'
        else 'admin'
      end,
      case
        when tg_op = 'DELETE' then 'the account was removed'
        else 'the account was disabled'
      end,
      peerage.actor(),
      at
    );
  end loop;
  return null;
end
$$;

comment on function peerage.sip_account_ends_sessions() is 'Ends the session of an agent whose account is disabled or removed, and the one whose calls ring on it.';

create trigger sip_account_ends_sessions_disabled
  after update of disabled on peerage.sip_account
  for each row
  when (new.disabled and not old.disabled)
  execute function peerage.sip_account_ends_sessions();

create trigger sip_account_ends_sessions_removed
  after delete on peerage.sip_account
  for each row
  execute function peerage.sip_account_ends_sessions();
