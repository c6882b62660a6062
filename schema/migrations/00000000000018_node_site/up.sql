-- Which sites a node serves. The views of schema asterisk_sites show a node the rows of these alone.

create table peerage.node_site (
  id bigint generated always as identity,
  login text collate "C" not null,
  site_id bigint not null,
  constraint node_site_id_pk primary key (id),
  constraint node_site_login_site_id_key unique (login, site_id),
  constraint node_site_login_fk foreign key (login) references peerage.node (login) on update cascade on delete cascade,
  constraint node_site_site_id_fk foreign key (site_id) references peerage.site (id)
);

create index node_site_site_id_idx on peerage.node_site (site_id);

comment on table peerage.node_site is 'Sites that a node serves when it does not serve all. A node without a row here, and without all_sites, serves none.';
comment on column peerage.node_site.id is 'Surrogate key; never reused.';
comment on column peerage.node_site.login is 'The node, by its database role: each lookup asks for session_user.';
comment on column peerage.node_site.site_id is 'The site.';

create trigger node_site_audit_insert
  after insert on peerage.node_site
  referencing new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger node_site_audit_delete
  after delete on peerage.node_site
  referencing old table as old_rows
  for each statement
  execute function peerage.audit();

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

create function peerage.sip_account_moved()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- Whoever binds a contact at this moment has finished, or sees the new site (sip_contact_bound).
  perform
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(new.number) & 1023)
  for no key update;

  update peerage.sip_contact
  set site_id = new.site_id
  where account_id = new.id;

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

-- Which login is whose node, and which sites it serves, is for the owner to say: who could name a login of its choice here would have the
-- owner give that login a new password.
grant select on peerage.node, peerage.node_site to peerage_app;

grant update (manager, manager_user) on peerage.node to peerage_app;
