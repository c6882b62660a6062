create function peerage.end_refused_sessions()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  ending record;
  at timestamptz;
begin
  for ending in
    select
      session.id,
      session.agent_id,
      account.site_id
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.sip_account as account on account.id = agent.account_id
    where session.ended_at is null
      and session.interface like 'Local/%'
      and case
        when tg_table_name = 'site' then account.site_id = new.id
        else account.id = new.id
      end
    order by session.agent_id
  loop
    at := peerage.lock_agent(ending.agent_id);
    -- It may have moved elsewhere while we waited for the lock.
    continue when not exists (
      select
      from peerage.agent_session as session
      where session.id = ending.id
        and session.ended_at is null
        and session.interface like 'Local/%'
        and not coalesce(peerage.outside_number_allowed(ending.site_id, peerage.outside_number_of(session.interface)), false)
    );
    perform peerage.end_session(ending.id, 'admin', 'the site does not allow the number', peerage.actor(), at);
  end loop;
  return null;
end
$$;

comment on function peerage.end_refused_sessions() is 'Ends the sessions whose calls ring on an outside number that is no longer allowed, when a site''s rule or an agent''s site changes.';

create trigger site_ends_refused_sessions
  after update of country, outside_numbers on peerage.site
  for each row
  when (old.country is distinct from new.country or old.outside_numbers is distinct from new.outside_numbers)
  execute function peerage.end_refused_sessions();

create trigger sip_account_ends_refused_sessions
  after update of site_id on peerage.sip_account
  for each row
  when (old.site_id is distinct from new.site_id)
  execute function peerage.end_refused_sessions();
