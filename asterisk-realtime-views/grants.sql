-- Who may do what in the schemas asterisk and report: the views run with their owner's rights, so a node needs none on the tables.

grant usage on schema asterisk to peerage_asterisk, peerage_app;

grant select on all tables in schema asterisk to peerage_asterisk;

-- To show what Asterisk is told.
grant select
  on asterisk.ps_endpoints, asterisk.ps_auths, asterisk.ps_aors, asterisk.ps_endpoint_id_ips, asterisk.sippeers
  to peerage_app;

grant insert, delete on asterisk.ps_contacts to peerage_asterisk;

grant update (
  id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr, via_port,
  call_id, endpoint, prune_on_boot, qualify_2xx_only
)
  on asterisk.ps_contacts
  to peerage_asterisk;

-- Whoever may delete from a view may also lock it with all that is beneath (lock table), as far as the view's owner may.
-- So the owner of this one is a role that may write columns of the table and no more.
grant usage on schema peerage to peerage_contacts;

grant
  select,
  insert (
    id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr, via_port,
    call_id, endpoint, prune_on_boot, qualify_2xx_only
  ),
  update (
    id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr, via_port,
    call_id, endpoint, prune_on_boot, qualify_2xx_only
  )
  on peerage.sip_contact
  to peerage_contacts;

grant create on schema asterisk to peerage_contacts;

alter view asterisk.ps_contacts owner to peerage_contacts;

revoke create on schema asterisk from peerage_contacts;

grant update (ipaddr, port, regseconds, defaultuser, fullcontact, regserver, useragent, lastms, path)
  on asterisk.sippeers, asterisk.sipregs
  to peerage_asterisk;

-- By column: whoever may update a whole view may also lock it (lock table), and keep everybody out.
grant update (paused, reason_paused, penalty, ringinuse) on asterisk.queue_members to peerage_asterisk;

grant insert on asterisk.queue_log to peerage_asterisk;

grant usage on schema report to peerage_app, peerage_report;

grant select on all tables in schema report to peerage_app, peerage_report;

-- Nodes that serve named sites: the same views, with the rows of their sites. Nobody may rename a contact to another AOR, and the
-- lines of the queue log, which have no site, are written and not read.
grant usage on schema asterisk_sites to peerage_asterisk_sites;

grant select
  on asterisk_sites.ps_endpoints, asterisk_sites.ps_auths, asterisk_sites.ps_aors, asterisk_sites.ps_contacts, asterisk_sites.ps_endpoint_id_ips,
    asterisk_sites.sippeers, asterisk_sites.sipregs, asterisk_sites.queues, asterisk_sites.queue_members, asterisk_sites.queue_rules
  to peerage_asterisk_sites;

grant insert, delete on asterisk_sites.ps_contacts to peerage_asterisk_sites;

grant update (
  uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr, via_port, call_id,
  endpoint, prune_on_boot, qualify_2xx_only
)
  on asterisk_sites.ps_contacts
  to peerage_asterisk_sites;

grant update (ipaddr, port, regseconds, defaultuser, fullcontact, regserver, useragent, lastms, path)
  on asterisk_sites.sippeers, asterisk_sites.sipregs
  to peerage_asterisk_sites;

grant update (paused, reason_paused, penalty, ringinuse) on asterisk_sites.queue_members to peerage_asterisk_sites;

grant insert on asterisk_sites.queue_log to peerage_asterisk_sites;

grant execute on function asterisk_sites.is_like(text, text) to peerage_asterisk_sites;

grant execute on function asterisk.is_until(bigint, bigint), asterisk.sweep_until(bigint) to peerage_asterisk, peerage_asterisk_sites;

-- As above: the owner of the view may not lock the table beneath.
grant select on peerage.node, peerage.node_site to peerage_contacts;

grant create on schema asterisk_sites to peerage_contacts;

alter view asterisk_sites.ps_contacts owner to peerage_contacts;

revoke create on schema asterisk_sites from peerage_contacts;
