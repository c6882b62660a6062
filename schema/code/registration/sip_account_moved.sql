create function peerage.sip_account_moved()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Whoever binds a contact at this moment has finished, or sees the new site (sip_contact_written).
  perform
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(new.number) & 1023)
  for no key update;

  update peerage.sip_contact
  set site_id = new.site_id
  where id >= new.number || '^3B@'
    and id < new.number || '^3BA';

  update peerage.queue_login as login
  set site_id = new.site_id
  from peerage.agent_session as session
    join peerage.agent as agent on agent.id = session.agent_id
  where login.session_id = session.id
    and session.ended_at is null
    and agent.account_id = new.id;
  return null;
end
$$;

comment on function peerage.sip_account_moved() is 'Moves the contacts and queue memberships of an account along with it to another site.';

create trigger sip_account_moved
  after update of site_id on peerage.sip_account
  for each row
  when (old.site_id is distinct from new.site_id)
  execute function peerage.sip_account_moved();
