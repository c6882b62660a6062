-- Who may do what in the schemas asterisk and report: the views run with their owner's rights, so a node needs none on the tables.

grant usage on schema asterisk to peerage_asterisk, peerage_app, peerage_report;

grant select on all tables in schema asterisk to peerage_asterisk;

-- To show what Asterisk is told.
grant select
  on asterisk.ps_endpoints, asterisk.ps_auths, asterisk.ps_aors, asterisk.ps_endpoint_id_ips, asterisk.sippeers
  to peerage_app;

grant insert, update, delete on asterisk.ps_contacts to peerage_asterisk;

grant update (ipaddr, port, regseconds, defaultuser, fullcontact, regserver, useragent, lastms, path)
  on asterisk.sippeers, asterisk.sipregs
  to peerage_asterisk;

grant update on asterisk.queue_members to peerage_asterisk;

grant insert on asterisk.queue_log to peerage_asterisk;

grant usage on schema report to peerage_app, peerage_report;

grant select on all tables in schema report to peerage_app, peerage_report;
