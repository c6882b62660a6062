-- What the command and the service may do: all but making roles, which is for whoever adds nodes.

grant usage on schema peerage to peerage_app;

grant select, insert, update, delete
  on peerage.site, peerage.node, peerage.sip_account, peerage.sip_secret, peerage.agent, peerage.agent_channel, peerage.phone, peerage.login_account,
    peerage.sip_contact
  to peerage_app;

grant select
  on peerage.audit_entry, peerage.view_install, peerage.pjsip_endpoint, peerage.pjsip_auth, peerage.pjsip_aor, peerage.pjsip_identify, peerage.sip_peer
  to peerage_app;
