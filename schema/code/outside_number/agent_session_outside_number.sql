create function peerage.agent_session_outside_number()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  home bigint;
begin
  select account.site_id
  into home
  from peerage.agent as agent
    join peerage.sip_account as account on account.id = agent.account_id
    join peerage.site as site on site.id = account.site_id
  where agent.id = new.agent_id
  -- Whoever changes the rule meanwhile waits, and then finds this session.
  for share of site;
  if not coalesce(peerage.outside_number_allowed(home, peerage.outside_number_of(new.interface)), false) then
    perform peerage.refuse_number(home, 'agent_session_outside_number_check', 'interface', new.interface);
  end if;
  return new;
end
$$;

comment on function peerage.agent_session_outside_number() is 'Refuses a login on an outside number that the agent''s site does not allow.';

create trigger agent_session_outside_number
  before insert or update of interface on peerage.agent_session
  for each row
  when (new.ended_at is null and new.interface like 'Local/%')
  execute function peerage.agent_session_outside_number();
