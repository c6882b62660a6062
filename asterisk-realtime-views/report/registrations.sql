-- object:   registrations
-- for:      what is registered, by either channel driver
-- grain:    one row for each contact (PJSIP) or registration (chan_sip)

create view report.registrations as
select
  contact.aor as number,
  'pjsip'::text as driver,
  contact.contact_uri as contact,
  contact.agent_name as user_agent,
  contact.via_addr as address,
  contact.node as node,
  contact.registered_at as registered_at,
  contact.expires_at as expires_at,
  contact.expires_at > now() as live,
  contact.transport_listed as transport_listed
from peerage.sip_contact as contact
union all
select
  registration.number,
  'sip'::text,
  registration.contact_uri,
  registration.agent_name,
  registration.ipaddr,
  registration.node,
  registration.registered_at,
  registration.expires_at,
  registration.expires_at > now(),
  true
from peerage.sip_peer as registration
where registration.expires_at is not null;

comment on view report.registrations is 'Registrations. What is live is told by `live`, not by the row.';
comment on column report.registrations.number is 'The account.';
comment on column report.registrations.driver is 'pjsip or sip.';
comment on column report.registrations.contact is 'Contact URI.';
comment on column report.registrations.user_agent is 'User-Agent header.';
comment on column report.registrations.address is 'Address it registered from.';
comment on column report.registrations.node is 'Node that took it.';
comment on column report.registrations.registered_at is 'Since when.';
comment on column report.registrations.expires_at is 'When it expires.';
comment on column report.registrations.live is 'Whether it has not expired.';
comment on column report.registrations.transport_listed is 'Whether the account lists its transport; if not, PJSIP may not dial it.';
