create function peerage.queue_login_site()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.site_id := (
    select account.site_id
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.sip_account as account on account.id = agent.account_id
    where session.id = new.session_id
  );
  return new;
end
$$;

comment on function peerage.queue_login_site() is 'Notes the site of the agent who becomes a member of a queue.';

create trigger queue_login_site
  before insert or update of session_id, site_id on peerage.queue_login
  for each row
  execute function peerage.queue_login_site();
