-- The contacts of an account are a range of the primary key of sip_contact: there is no index on the account.
create view peerage.device_registration as
select
  account.id as account_id,
  account.number as number,
  'pjsip'::text as driver,
  contact.node as node,
  contact.uri as uri,
  contact.transport_listed as transport_listed,
  contact.registered_at as registered_at,
  contact.expires_at as expires_at
from peerage.sip_account as account
  join peerage.sip_contact as contact on contact.id >= account.number || '^3B@'
    and contact.id < account.number || '^3BA'
union all
select
  account.id,
  account.number,
  'chan_sip'::text,
  registration.node,
  null::text,
  true,
  registration.registered_at,
  registration.expires_at
from peerage.sip_account as account
  join peerage.sip_peer as registration on registration.number = account.number
where registration.expires_at is not null;

comment on view peerage.device_registration is 'Where accounts are registered, or were last, with either driver. Live is what expires later than now.';
comment on column peerage.device_registration.account_id is 'The account.';
comment on column peerage.device_registration.number is 'Its number.';
comment on column peerage.device_registration.driver is 'pjsip or chan_sip.';
comment on column peerage.device_registration.node is 'The node that last wrote it.';
comment on column peerage.device_registration.uri is 'Contact URI as PJSIP wrote it; null for chan_sip.';
comment on column peerage.device_registration.transport_listed is 'Whether the account lists the transport; chan_sip accepts no other.';
comment on column peerage.device_registration.registered_at is 'When it was bound.';
comment on column peerage.device_registration.expires_at is 'When it expires, or did.';
