-- What Asterisk writes about registrations, apart from configuration. The texts stand as Asterisk wrote them;
-- decoded forms are kept beside them for people.
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
  constraint sip_contact_id_pk primary key (id)
);

-- No foreign key on the account: its check would cost each new contact as much as all else that is done for it.
-- sip_account_contacts() removes what a removed account leaves; a contact that is bound at that very moment may stay till it
-- expires, which harms nobody, because its endpoint is gone.
create index sip_contact_account_id_idx on peerage.sip_contact (account_id);
create index sip_contact_expiration_time_idx on peerage.sip_contact (expiration_time);

comment on table peerage.sip_contact is 'Contacts that PJSIP bound (res_pjsip_registrar.c). Whether one is live is told by expires_at, not by its presence.';
comment on column peerage.sip_contact.id is 'As PJSIP makes it: AOR, `^3B@`, MD5 of the URI (location.c).';
comment on column peerage.sip_contact.expiration_time is 'Seconds since 1970 at which it expires.';
comment on column peerage.sip_contact.uri is 'Contact URI as written, with `;` coded.';
comment on column peerage.sip_contact.qualify_frequency is 'Seconds between OPTIONS requests, as written.';
comment on column peerage.sip_contact.outbound_proxy is 'As written; null for none.';
comment on column peerage.sip_contact.path is 'Path header (RFC 3327), as written; null for none.';
comment on column peerage.sip_contact.user_agent is 'User-Agent header, as written.';
comment on column peerage.sip_contact.qualify_timeout is 'Seconds to wait for an answer to OPTIONS, as written.';
comment on column peerage.sip_contact.reg_server is 'systemname of the Asterisk that took the REGISTER; null when it has none.';
comment on column peerage.sip_contact.authenticate_qualify is 'yes or no, as written.';
comment on column peerage.sip_contact.via_addr is 'Address the REGISTER came from.';
comment on column peerage.sip_contact.via_port is 'Port the REGISTER came from, as written.';
comment on column peerage.sip_contact.call_id is 'Call-ID of the REGISTER, as written.';
comment on column peerage.sip_contact.endpoint is 'Endpoint that registered it.';
comment on column peerage.sip_contact.prune_on_boot is 'yes when the connection it came over dies with Asterisk (TCP, TLS, WebSocket).';
comment on column peerage.sip_contact.qualify_2xx_only is 'true or false, as written; Asterisk 20.12, 21.7, 22.2 and later.';
comment on column peerage.sip_contact.account_id is 'The account of the AOR; null when the AOR is not one of Peerage''s.';
comment on column peerage.sip_contact.site_id is 'The account''s site; null when the AOR is not one of Peerage''s.';
comment on column peerage.sip_contact.transport_listed is 'Whether the account lists the transport of the URI. PJSIP registers it all the same, but it may not be dialled.';
comment on column peerage.sip_contact.node is 'application_name of the connection that last wrote it.';
comment on column peerage.sip_contact.registered_at is 'When it was bound.';
comment on column peerage.sip_contact.refreshed_at is 'When it was last written.';
comment on column peerage.sip_contact.aor is 'The AOR, from the id.';
comment on column peerage.sip_contact.contact_uri is 'Contact URI, decoded.';
comment on column peerage.sip_contact.agent_name is 'User-Agent header, decoded.';
comment on column peerage.sip_contact.expires_at is 'When it expires.';

create function peerage.transport_of(uri text)
  returns text
  language sql
  immutable
  parallel safe
  return coalesce(
    substring(split_part(lower(uri collate "C"), '^3btransport=', 2) from '^[a-z]+'),
    case
      when uri like 'sips:%' then 'tls'
      else 'udp'
    end
  );

comment on function peerage.transport_of(text) is 'The transport that a contact URI (as written, with `;` coded) asks for; without a parameter it is UDP, or TLS for sips (RFC 3261 section 19.1.2).';

create function peerage.sip_contact_bound()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  again boolean;
begin
  -- The driver repeats a statement after a lost connection, and another node may bind the same contact at this moment: the
  -- newer word stands, and neither insert fails. A thousand locks for all contacts, so that many rows in one transaction
  -- do not exhaust the server's table of locks; the first number only keeps them apart from other locks.
  perform pg_advisory_xact_lock(7065, hashtext(new.id) & 1023);
  -- One statement for all that is added: each expression by itself would be prepared anew in each transaction. ws stands in
  -- the URI of a secure WebSocket too (RFC 7118 section 5.2).
  select
    split_part(new.id, '^3B@', 1),
    account.id,
    account.site_id,
    account.id is null
    or contact.used = any (account.transports)
    or (contact.used = 'ws' and 'wss' = any (account.transports)),
    current_setting('application_name'),
    peerage.unwire(new.uri),
    nullif(peerage.unwire(new.user_agent), ''),
    to_timestamp(new.expiration_time),
    exists (
      select
      from peerage.sip_contact as same
      where same.id = new.id
    )
  into
    new.aor,
    new.account_id,
    new.site_id,
    new.transport_listed,
    new.node,
    new.contact_uri,
    new.agent_name,
    new.expires_at,
    again
  from (select peerage.transport_of(new.uri) as used) as contact
    left join peerage.sip_account as account on account.number = split_part(new.id, '^3B@', 1);
  if again then
    delete from peerage.sip_contact
    where id = new.id;
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_bound() is 'Adds to a contact that PJSIP binds whose it is, whether the account lists its transport, and which node wrote it; takes the place of the same contact.';

create trigger sip_contact_bound
  before insert on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_bound();

create function peerage.sip_contact_refreshed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.node := current_setting('application_name');
  new.refreshed_at := clock_timestamp();
  new.contact_uri := peerage.unwire(new.uri);
  new.agent_name := nullif(peerage.unwire(new.user_agent), '');
  new.expires_at := to_timestamp(new.expiration_time);
  return new;
end
$$;

comment on function peerage.sip_contact_refreshed() is 'Adds to a contact that PJSIP refreshes when, and which node wrote it. Its URI never changes: the id contains its MD5.';

create trigger sip_contact_refreshed
  before update of expiration_time on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_refreshed();

create function peerage.sip_account_contacts()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_contact
  where account_id = any (array(
    select account.id
    from old_rows as account
  ));
  return null;
end
$$;

comment on function peerage.sip_account_contacts() is 'Removes the contacts of removed accounts.';

create trigger sip_account_contacts
  after delete on peerage.sip_account
  referencing old table as old_rows
  for each statement
  execute function peerage.sip_account_contacts();

create function peerage.sip_account_renumbered()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_contact
  where account_id = new.id;
  return null;
end
$$;

comment on function peerage.sip_account_renumbered() is 'Drops what was registered under the old number: nobody is reachable there any more.';

create trigger sip_account_renumbered
  after update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_account_renumbered();

create function peerage.sip_account_transports_changed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_contact as contact
  set transport_listed = peerage.transport_of(contact.uri) = any (new.transports)
    or (peerage.transport_of(contact.uri) = 'ws' and 'wss' = any (new.transports))
  where contact.account_id = new.id;
  return null;
end
$$;

comment on function peerage.sip_account_transports_changed() is 'Judges its contacts anew when an account lists other transports.';

create trigger sip_account_transports_changed
  after update of transports on peerage.sip_account
  for each row
  when (old.transports is distinct from new.transports)
  execute function peerage.sip_account_transports_changed();
