-- What Asterisk writes about registrations, apart from configuration. The texts stand as Asterisk wrote them, each byte as
-- the Latin-1 letter of that number; decoded forms are kept beside them for people.
--
-- Every Asterisk reads what any of them wrote, so nothing stands here that Asterisk itself could not have written: a URI of
-- two megabytes, written with the rights of one node, would crash all others. The bounds are raised by the triggers and not
-- by check constraints, whose expressions PostgreSQL would plan anew for each statement.
--
-- The views over these tables are simple enough for PostgreSQL to write through, so what must be added to a write is added
-- here, by triggers of the tables. Triggers of the views (instead of) cost three times as much. Generated columns in place
-- of the decoded forms would add half of the whole write: PostgreSQL plans their expressions anew for each statement.

create table peerage.sip_contact (
  id text collate "C" not null,
  expiration_time bigint,
  uri text,
  qualify_frequency text,
  outbound_proxy text,
  path text,
  user_agent text,
  qualify_timeout text,
  reg_server text,
  authenticate_qualify text,
  via_addr text,
  via_port text,
  call_id text,
  endpoint text collate "C",
  prune_on_boot text,
  qualify_2xx_only text,
  account_id bigint,
  site_id bigint,
  transport_listed boolean not null default true,
  node text not null default '',
  registered_at timestamptz not null default clock_timestamp(),
  refreshed_at timestamptz not null default clock_timestamp(),
  aor text collate "C" not null,
  contact_uri text,
  agent_name text,
  expires_at timestamptz,
  doubted_by text,
  doubted_at timestamptz,
  constraint sip_contact_id_pk primary key (id)
);

-- No foreign key on the account, which the trigger looks up: its check would cost each new contact as much as all else that
-- is done for it. sip_account_contacts() removes what a removed account leaves; a contact that is bound at that very moment may stay till it
-- expires, which harms nobody, because its endpoint is gone.
--
-- Nor an index on the account: a phone that registers again writes every index anew, and one more costs as much as all triggers. The contacts
-- of an account are a range of the primary key, from its number and `^3B@` to its number and `^3BA`.
--
-- doubted_by and doubted_at go together, set by asterisk.ps_contacts_delete and cleared by peerage.sip_contact_written: a check constraint is
-- prepared for each statement, and took a twentieth of a registration.
create index sip_contact_expiration_time_idx on peerage.sip_contact (expiration_time);
create index sip_contact_doubted_by_idx on peerage.sip_contact (doubted_by) where doubted_by is not null;

comment on table peerage.sip_contact is 'Contacts that PJSIP bound (res_pjsip_registrar.c). Whether one is live is told by expires_at, not by its presence.';
comment on column peerage.sip_contact.id is 'As PJSIP makes it: AOR, `^3B@`, MD5 of the URI (location.c). No other is taken.';
comment on column peerage.sip_contact.expiration_time is 'Seconds since 1970 at which it expires, at most a week after it was written.';
comment on column peerage.sip_contact.uri is 'Contact URI as written, with `;` coded.';
comment on column peerage.sip_contact.qualify_frequency is 'Seconds between OPTIONS requests, as written.';
comment on column peerage.sip_contact.outbound_proxy is 'As written; null for none.';
comment on column peerage.sip_contact.path is 'Path header (RFC 3327), as written; null for none.';
comment on column peerage.sip_contact.user_agent is 'User-Agent header, as written; its first 255 bytes.';
comment on column peerage.sip_contact.qualify_timeout is 'Seconds to wait for an answer to OPTIONS, as written.';
comment on column peerage.sip_contact.reg_server is 'systemname of the Asterisk that took the REGISTER; null when it has none.';
comment on column peerage.sip_contact.authenticate_qualify is 'yes or no, as written.';
comment on column peerage.sip_contact.via_addr is 'Address the REGISTER came from.';
comment on column peerage.sip_contact.via_port is 'Port the REGISTER came from, as written.';
comment on column peerage.sip_contact.call_id is 'Call-ID of the REGISTER, as written.';
comment on column peerage.sip_contact.endpoint is 'Endpoint that registered it.';
comment on column peerage.sip_contact.prune_on_boot is 'yes when the connection it came over dies with Asterisk (TCP, TLS, WebSocket).';
comment on column peerage.sip_contact.qualify_2xx_only is 'true or false, as written; Asterisk 20.12, 21.7, 22.2 and later.';
comment on column peerage.sip_contact.account_id is 'The account of the AOR.';
comment on column peerage.sip_contact.site_id is 'The account''s site.';
comment on column peerage.sip_contact.transport_listed is 'Whether the account lists the transport of the URI. PJSIP registers it all the same, but it may not be dialled.';
comment on column peerage.sip_contact.node is 'The node that last wrote it, by its login.';
comment on column peerage.sip_contact.registered_at is 'When it was bound.';
comment on column peerage.sip_contact.refreshed_at is 'When it was last written.';
comment on column peerage.sip_contact.aor is 'The AOR, from the id.';
comment on column peerage.sip_contact.contact_uri is 'Contact URI, decoded.';
comment on column peerage.sip_contact.agent_name is 'User-Agent header, decoded.';
comment on column peerage.sip_contact.expires_at is 'When it expires.';
comment on column peerage.sip_contact.doubted_by is 'Login of the node that would have deleted this contact while it lives, and whose clock is not known, or wrong; null for none.';
comment on column peerage.sip_contact.doubted_at is 'When that was.';

create table peerage.contact_lock (
  slot integer not null,
  constraint contact_lock_slot_pk primary key (slot)
);

insert into peerage.contact_lock (slot)
select slot
from generate_series(0, 1023) as slot;

comment on table peerage.contact_lock is 'Rows to lock while a contact is bound, one for many AORs: who binds to an AOR waits for who does so already. Not an advisory lock, which any login may take and keep; no login may touch this table.';
comment on column peerage.contact_lock.slot is 'Hash of the AOR, modulo 1024.';
