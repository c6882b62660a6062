-- What the command and the service may do: all but making roles, which is for whoever adds nodes.

grant usage on schema peerage to peerage_app;

grant select, insert, update, delete
  on peerage.site, peerage.sip_account, peerage.sip_secret, peerage.agent, peerage.agent_channel, peerage.phone, peerage.login_account,
    peerage.sip_contact, peerage.queue, peerage.queue_assignment, peerage.pause_reason, peerage.queue_rule
  to peerage_app;

-- State: who leaves a queue is deleted from its members, but nobody deletes what was.
grant select, insert, update
  on peerage.agent_session, peerage.agent_place, peerage.agent_pause, peerage.agent_request, peerage.agent_state
  to peerage_app;

grant select, insert, update, delete on peerage.queue_login to peerage_app;

-- Lines are added to the queue log by a trigger of the sessions.
grant select
  on peerage.audit_entry, peerage.view_install, peerage.pjsip_endpoint, peerage.pjsip_auth, peerage.pjsip_aor, peerage.pjsip_identify, peerage.sip_peer,
    peerage.queue_log
  to peerage_app;

-- To know whether the database is of its release.
grant select on peerage.__diesel_schema_migrations to peerage_app;
