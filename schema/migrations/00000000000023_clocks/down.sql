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

drop function peerage.unbind_contact(text);
drop function peerage.node_says(bigint);
drop function peerage.node_clock_ahead(text);

alter table peerage.sip_contact
  drop column doubted_by,
  drop column doubted_at;

drop table peerage.node_clock;

alter table peerage.view_install drop column fingerprint;

revoke select on peerage.__diesel_schema_migrations from peerage_app;
