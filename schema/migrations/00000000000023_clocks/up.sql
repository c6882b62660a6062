-- What a node's clock says against the database's. A node deletes each contact that its own clock takes for expired, whoever registered it, and
-- the statement is the same as that of an un-REGISTER: so the database has to know the clock.

create table peerage.node_clock (
  login text not null,
  ahead bigint not null,
  backend integer not null,
  seen_at timestamptz not null,
  constraint node_clock_login_pk primary key (login),
  constraint node_clock_login_fk foreign key (login) references peerage.node (login) on update cascade on delete cascade
);

comment on table peerage.node_clock is 'How far the clock of each node is ahead of the database''s, as its last search for expired contacts showed.';
comment on column peerage.node_clock.login is 'Login of the node.';
comment on column peerage.node_clock.ahead is 'Seconds that the node''s clock is ahead; negative when it is behind.';
comment on column peerage.node_clock.backend is 'Process id of the session that showed it: a node that has connected anew may have another clock.';
comment on column peerage.node_clock.seen_at is 'When, by the database''s clock.';

grant select on peerage.node_clock to peerage_app;

alter table peerage.sip_contact
  add column doubted_by text,
  add column doubted_at timestamptz,
  add constraint sip_contact_doubted_check check (num_nulls(doubted_by, doubted_at) in (0, 2));

create index sip_contact_doubted_by_idx on peerage.sip_contact (doubted_by) where doubted_by is not null;

comment on column peerage.sip_contact.doubted_by is 'Login of the node that would have deleted this contact while it lives, and whose clock is not known, or wrong; null for none.';
comment on column peerage.sip_contact.doubted_at is 'When that was.';

create function peerage.node_clock_ahead(of_login text)
  returns bigint
  language sql
  stable
  set search_path = pg_catalog, pg_temp
  return (
    select clock.ahead
    from peerage.node_clock as clock
    where clock.login = of_login
      and clock.backend = pg_backend_pid()
      and clock.seen_at > clock_timestamp() - interval '2 minutes'
  );

comment on function peerage.node_clock_ahead(text) is 'How many seconds the clock of the node that has this session is ahead; null when this session has not shown it lately.';

create function peerage.node_says(said bigint)
  returns bigint
  language plpgsql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  now_here constant bigint := extract(epoch from clock_timestamp())::bigint;
  was_ahead constant bigint := peerage.node_clock_ahead(session_user::text);
begin
  insert into peerage.node_clock (login, ahead, backend, seen_at)
  select
    node.login,
    said - now_here,
    pg_backend_pid(),
    clock_timestamp()
  from peerage.node as node
  where node.login = session_user::text
  on conflict (login) do update
  set
    ahead = excluded.ahead,
    backend = excluded.backend,
    seen_at = excluded.seen_at
  -- It asks every few seconds, and mostly says the same.
  where abs(node_clock.ahead - excluded.ahead) > 1
    or node_clock.backend <> excluded.backend
    or node_clock.seen_at < excluded.seen_at - interval '5 seconds';
  if said - now_here <= 2 and coalesce(was_ahead, 0) <= 2 then
    -- Its clock was right, so it meant them. One that has just been set was wrong when it did.
    delete from peerage.sip_contact
    where doubted_by = session_user::text;
  else
    update peerage.sip_contact
    set
      doubted_by = null,
      doubted_at = null
    where doubted_by = session_user::text
      and doubted_at < clock_timestamp() - interval '10 seconds';
  end if;
  return least(said, now_here);
end
$$;

comment on function peerage.node_says(bigint) is 'Takes note of the time that a node says it is, decides on the contacts that it would have deleted before that was known, and returns the earlier of its time and the database''s.';

create function peerage.unbind_contact(wanted text)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  lives_for bigint;
  written_for bigint;
  is_own boolean;
  is_node boolean;
  ahead bigint;
begin
  select
    ceil(extract(epoch from contact.expires_at - clock_timestamp()))::bigint,
    -- As nodes read it.
    contact.expiration_time - extract(epoch from clock_timestamp())::bigint,
    node.login is not null,
    coalesce(contact.node = node.name, false)
  into
    lives_for,
    written_for,
    is_node,
    is_own
  from peerage.sip_contact as contact
    left join peerage.node as node on node.login = session_user::text
  where contact.id = wanted;
  if not found then
    return false;
  end if;
  if is_node and lives_for > 0 then
    ahead := peerage.node_clock_ahead(session_user::text);
    -- A node whose clock is right, or to which the contact lives too, has been asked to unbind it. One whose own contact it is knows what it
    -- wrote, unless its clock has changed since. What the others think expired is kept.
    if (ahead is null and not is_own) or (ahead > 2 and written_for <= ahead + 1) then
      update peerage.sip_contact
      set
        doubted_by = session_user::text,
        doubted_at = clock_timestamp()
      where id = wanted;
      return true;
    end if;
  end if;
  delete from peerage.sip_contact
  where id = wanted;
  return true;
end
$$;

comment on function peerage.unbind_contact(text) is 'Deletes a contact that a node unbinds, and tells whether there was one. One that lives, and that the node''s clock takes for expired, or may take for it, is kept.';

revoke execute on function peerage.node_clock_ahead(text), peerage.node_says(bigint), peerage.unbind_contact(text) from public;

create or replace function peerage.sip_contact_bound()
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
    -- Other nodes would take what one wrote whose clock is behind for expired.
    greatest(least(coalesce(new.expiration_time, 1) - least(clock.ahead, 0), contact.latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1) - clock.ahead, contact.latest), 1))
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
    cross join lateral (
      select coalesce(
        (
          select node_clock.ahead
          from peerage.node_clock as node_clock
          where node_clock.login = session_user::text
            and node_clock.backend = pg_backend_pid()
            and abs(node_clock.ahead) > 2
        ),
        0
      ) as ahead
    ) as clock
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
  -- A phone has moved here, and the node took its old contact for expired.
  if bound >= (most - 2) / 2 then
    delete from peerage.sip_contact as contact
    where contact.account_id = new.account_id
      and contact.id <> new.id
      and contact.doubted_by = session_user::text
      and contact.doubted_at > clock_timestamp() - interval '10 seconds';
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

create or replace function peerage.sip_contact_refreshed()
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
    -- Other nodes would take what one wrote whose clock is behind for expired.
    greatest(least(coalesce(new.expiration_time, 1) - least(clock.ahead, 0), contact.latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1) - clock.ahead, contact.latest), 1))
  into
    new.node,
    new.refreshed_at,
    new.expiration_time,
    new.expires_at
  from (select extract(epoch from clock_timestamp())::bigint + 604800 as latest) as contact
    cross join lateral (
      select coalesce(
        (
          select node_clock.ahead
          from peerage.node_clock as node_clock
          where node_clock.login = session_user::text
            and node_clock.backend = pg_backend_pid()
            and abs(node_clock.ahead) > 2
        ),
        0
      ) as ahead
    ) as clock;
  new.doubted_by := null;
  new.doubted_at := null;
  return new;
end
$$;

-- What the views' schemas held when they were installed, to notice what was dropped or changed by hand; and what the service reads to know
-- whether the database is of its version.
alter table peerage.view_install
  add column fingerprint text;

comment on column peerage.view_install.fingerprint is 'Hash of what stood in the schemas of the views then; null for an install by an earlier release.';

grant select on peerage.__diesel_schema_migrations to peerage_app;
