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
  constraint sip_contact_id_pk primary key (id)
);

-- No foreign key on the account, which the trigger looks up: its check would cost each new contact as much as all else that
-- is done for it. sip_account_contacts() removes what a removed account leaves; a contact that is bound at that very moment may stay till it
-- expires, which harms nobody, because its endpoint is gone.
create index sip_contact_account_id_idx on peerage.sip_contact (account_id);
create index sip_contact_expiration_time_idx on peerage.sip_contact (expiration_time);

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

create table peerage.contact_lock (
  slot integer not null,
  constraint contact_lock_slot_pk primary key (slot)
);

insert into peerage.contact_lock (slot)
select slot
from generate_series(0, 1023) as slot;

comment on table peerage.contact_lock is 'Rows to lock while a contact is bound, one for many AORs: who binds to an AOR waits for who does so already. Not an advisory lock, which any login may take and keep; no login may touch this table.';
comment on column peerage.contact_lock.slot is 'Hash of the AOR, modulo 1024.';

-- Telephones refresh all the time, so the triggers first ask whether there is anything to do.

create function peerage.refuse_contact(wrong text, written text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(
    'sip_contact',
    'sip_contact_' || wrong || '_check',
    wrong,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'id' then 'the number of an account, `^3B@` and the MD5 of the URI'
      when 'uri' then 'a SIP URI of at most 1000 bytes, its `;` coded'
      when 'endpoint' then 'the endpoint of the AOR, which has its name'
      when 'path' then 'at most 2000 bytes, no control characters'
      when 'outbound_proxy' then 'at most 255 bytes, no control characters'
      when 'via_port' then 'a port'
      when 'prune_on_boot' then 'yes or no, as are authenticate_qualify and qualify_2xx_only'
      else 'seconds'
    end
  );
end
$$;

comment on function peerage.refuse_contact(text, text) is 'Refuses a contact for this column, in words that show no more of it than fits a line.';

create function peerage.sip_contact_bounded()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  whole text;
  wrong text;
  written text;
begin
  if tg_op = 'UPDATE' then
    -- As a rule a telephone says the same again.
    if (
      new.id,
      new.uri,
      new.endpoint,
      new.user_agent,
      new.call_id,
      new.via_addr,
      new.via_port,
      new.path,
      new.reg_server,
      new.outbound_proxy,
      new.qualify_frequency,
      new.qualify_timeout,
      new.authenticate_qualify,
      new.prune_on_boot,
      new.qualify_2xx_only
    ) is not distinct from (
      old.id,
      old.uri,
      old.endpoint,
      old.user_agent,
      old.call_id,
      old.via_addr,
      old.via_port,
      old.path,
      old.reg_server,
      old.outbound_proxy,
      old.qualify_frequency,
      old.qualify_timeout,
      old.authenticate_qualify,
      old.prune_on_boot,
      old.qualify_2xx_only
    ) then
      return new;
    end if;
    -- The id has the AOR and the MD5 of the URI in it.
    if new.id <> old.id or new.uri is distinct from old.uri or nullif(new.endpoint, '') is distinct from nullif(old.endpoint, '') then
      perform peerage.refuse('sip_contact', 'sip_contact_id_uri_check', 'id', left(new.id, 120), 'a contact keeps its id, URI and endpoint');
    end if;
  end if;
  -- As a rule there is nothing to cut, and nothing but ASCII.
  whole := concat_ws('', new.uri, new.path, new.outbound_proxy, new.user_agent, new.call_id, new.via_addr, new.reg_server);
  if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole ~ '[\u0001-\u001f\u007f]' then
    new.uri := peerage.received(new.uri);
    new.path := peerage.received(new.path);
    new.outbound_proxy := peerage.received(new.outbound_proxy);
    -- These are only shown.
    new.user_agent := peerage.only_shown(new.user_agent);
    new.call_id := peerage.only_shown(new.call_id);
    new.via_addr := peerage.only_shown(new.via_addr);
    new.reg_server := peerage.only_shown(new.reg_server);
  end if;
  new.aor := split_part(new.id, '^3B@', 1);
  -- Another Asterisk would take the rest as its own word. PJSIP prints a URI from what it has parsed.
  wrong := case
    when octet_length(new.id) > 200 or new.id !~ '^[0-9A-Za-z.-]+\^3B@[0-9a-f]{32}$' then 'id'
    when new.uri is null
      or octet_length(new.uri) > 1000
      or new.uri !~ '^sips?:([^][<>"@ \u0001-\u001f\u007f]+@)?(\[[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?((\^3B|[?])[^<>" \u0001-\u001f\u007f]*)?$'
      or not peerage.is_port(substring(new.uri from '^sips?:(?:[^@]+@)?(?:\[[^]]*\]|[0-9A-Za-z._-]+):([0-9]{1,5})')) then 'uri'
    when new.endpoint <> new.aor and new.endpoint <> '' then 'endpoint'
    when new.path <> '' and (octet_length(new.path) > 2000 or new.path ~ '[\u0001-\u001f\u007f]') then 'path'
    when new.outbound_proxy <> '' and (octet_length(new.outbound_proxy) > 255 or new.outbound_proxy ~ '[\u0001-\u001f\u007f]') then 'outbound_proxy'
    when not peerage.is_port(new.via_port) then 'via_port'
    when new.qualify_frequency !~ '^[0-9]{0,9}$' then 'qualify_frequency'
    when new.qualify_timeout !~ '^([0-9]{1,9}([.][0-9]{1,9})?)?$' then 'qualify_timeout'
    when new.authenticate_qualify not in ('', 'yes', 'no', 'true', 'false')
      or new.prune_on_boot not in ('', 'yes', 'no', 'true', 'false')
      or new.qualify_2xx_only not in ('', 'yes', 'no', 'true', 'false') then 'prune_on_boot'
  end;
  if wrong is not null then
    execute format('select ($1).%I', wrong)
    into written
    using new;
    perform peerage.refuse_contact(wrong, written);
  end if;
  new.contact_uri := peerage.from_bytes(peerage.unwire(new.uri));
  new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.user_agent)), '');
  return new;
end
$$;

comment on function peerage.sip_contact_bounded() is 'Makes of a contact what PJSIP can have written, or refuses it; adds what people read of it. Runs before the others, by its name.';

create trigger sip_contact_are_bounded
  before insert or update of id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify,
    via_addr, via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only
  on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_bounded();

create function peerage.sip_contact_bound()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  most integer;
  bound integer;
  again boolean;
begin
  -- ws stands in the URI of a secure WebSocket too (RFC 7118 section 5.2).
  select
    account.id,
    account.site_id,
    -- PJSIP binds the new contacts of a REGISTER, as many as the AOR may have, before it removes the old ones; two more for
    -- what other nodes do meanwhile.
    2 * account.max_contacts + 2,
    contact.used = any (account.transports)
    or (contact.used = 'ws' and 'wss' = any (account.transports)),
    coalesce(node.name, session_user),
    -- Zero would be a contact that never expires.
    greatest(least(coalesce(new.expiration_time, 1), contact.latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1), contact.latest), 1))
  into
    new.account_id,
    new.site_id,
    most,
    new.transport_listed,
    new.node,
    new.expiration_time,
    new.expires_at
  from (
    select
      peerage.transport_of(new.uri) as used,
      -- PJSIP takes no registration of more than two hours unless its AOR says so.
      extract(epoch from clock_timestamp())::bigint + 604800 as latest
  ) as contact
    left join peerage.node as node on node.login = session_user::text
    -- An account of a site that the node does not serve is none to it.
    join peerage.sip_account as account on account.number = new.aor
      and (
        node.all_sites is not false
        or exists (
          select
          from peerage.node_site as served
          where served.login = node.login
            and served.site_id = account.site_id
        )
      );
  if not found then
    perform peerage.refuse('sip_contact', 'sip_contact_aor_check', 'id', new.id, 'there is no account of that number');
  end if;

  -- The driver repeats a statement after a lost connection, and another node may bind the same contact at this moment: the
  -- newer word stands, and neither insert fails. Nor do two of them together exceed the bound of the AOR.
  perform
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(new.aor) & 1023)
  for no key update;

  select
    (count(*) filter (where contact.id <> new.id))::integer,
    coalesce(bool_or(contact.id = new.id), false),
    -- Once more, now that nobody moves the account to another site without these contacts.
    (
      select account.site_id
      from peerage.sip_account as account
      where account.id = new.account_id
    )
  into
    bound,
    again,
    new.site_id
  from peerage.sip_contact as contact
  where contact.account_id = new.account_id;
  if again then
    delete from peerage.sip_contact
    where id = new.id;
  end if;
  if bound >= most then
    delete from peerage.sip_contact as contact
    where contact.account_id = new.account_id
      and contact.expires_at <= clock_timestamp();
    select count(*)::integer
    into bound
    from peerage.sip_contact as contact
    where contact.account_id = new.account_id;
    if bound >= most then
      perform peerage.refuse('sip_contact', 'sip_contact_aor_full_check', 'id', new.id, format('its account has %s contacts already', bound));
    end if;
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_bound() is 'Adds to a contact that PJSIP binds whose it is, whether the account lists its transport, and which node wrote it; takes the place of the same contact. Refuses one without an account, and one too many.';

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
  select
    coalesce(
      (
        select node.name
        from peerage.node as node
        where node.login = session_user::text
      ),
      session_user
    ),
    clock_timestamp(),
    greatest(least(coalesce(new.expiration_time, 1), contact.latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1), contact.latest), 1))
  into
    new.node,
    new.refreshed_at,
    new.expiration_time,
    new.expires_at
  from (select extract(epoch from clock_timestamp())::bigint + 604800 as latest) as contact;
  return new;
end
$$;

comment on function peerage.sip_contact_refreshed() is 'Adds to a contact that PJSIP refreshes when, and which node wrote it.';

create trigger sip_contact_refreshed
  before update of id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr,
    via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only
  on peerage.sip_contact
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
