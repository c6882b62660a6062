create function peerage.sip_contact_bound()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
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

comment on function peerage.sip_contact_bound() is 'Adds to a contact that PJSIP binds whose it is, whether the account lists its transport, and which node wrote it; takes the place of the same contact. Refuses one without an account, and one too many.';

create trigger sip_contact_bound
  before insert on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_bound();
