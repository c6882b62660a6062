-- Registrations are the most frequent writes, each a transaction of its own. An insert takes this function 50 us in a loop of one transaction and
-- 200 us in a transaction of its own, where statements and expressions have to be made ready: so there is one trigger, with few and small ones.
create function peerage.sip_contact_written()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  -- PJSIP takes no registration of more than two hours unless its AOR says so.
  latest constant bigint := extract(epoch from clock_timestamp())::bigint + 604800;
  is_other boolean := true;
  whole text;
  there inet;
  wrong text;
  written text;
  by_login text;
  all_sites boolean;
  ahead bigint := 0::bigint;
  is_at_node boolean;
  used text;
  transports text[];
  most integer;
  is_disabled boolean;
  bound text[];
begin
  -- A phone that refreshes usually sends the same again.
  if tg_op = 'UPDATE' then
    is_other := (
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
    ) is distinct from (
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
    );
    -- The id has the AOR and the MD5 of the URI in it.
    if is_other then
      if new.id <> old.id or new.uri is distinct from old.uri or nullif(new.endpoint, '') is distinct from nullif(old.endpoint, '') then
        perform peerage.refuse('sip_contact', 'sip_contact_id_uri_check', 'id', left(new.id, 120), 'a contact keeps its id, URI and endpoint');
      end if;
    end if;
  end if;

  if is_other then
    -- Usually it is all ASCII, and short enough.
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
    -- Most contacts pass this cheaper check, and then have one plain address; for all others there is peerage.contact_fault. A test holds that
    -- nothing passes here that is refused there.
    if new.id ~ '^[0-9A-Za-z.-]+\^3B@[0-9a-f]+$'
      and octet_length(new.id) = octet_length(new.aor) + 36
      and octet_length(whole) < 160
      and new.uri ~ '^sips?:[0-9A-Za-z._+-]+@[0-9.]+(:[0-5]?[0-9]{1,4})?(\^3B[0-9A-Za-z_.=-]+)*$'
      and strpos(lower(new.uri), 'maddr=') = 0
      and new.endpoint = new.aor
      and coalesce(new.path, '') = ''
      and coalesce(new.outbound_proxy, '') = ''
      -- A value with the separator in it makes one separator too many.
      and concat(new.via_port, '/', new.qualify_frequency, '/', new.qualify_timeout) ~ '^[0-5]?[0-9]{1,4}/[0-9]{1,9}/[0-9]{1,9}[.][0-9]{1,9}$'
      and concat(new.authenticate_qualify, '/', new.prune_on_boot, '/', new.qualify_2xx_only) = any ('{no/no/,no/yes/,no/no/false,no/yes/false}'::text[])
    then
      there := peerage.contact_address(split_part(split_part(split_part(new.uri, '@', 2), '^3B', 1), ':', 1));
    else
      wrong := peerage.contact_fault(new);
      if wrong is not null then
        execute format('select ($1).%I', wrong)
        into written
        using new;
        perform peerage.refuse_contact(wrong, written);
      end if;
    end if;
    if there is null then
      if tg_op = 'INSERT' then
        perform peerage.refuse_contact_at_node(new.uri, new.path, new.outbound_proxy);
      elsif new.path is distinct from old.path or new.outbound_proxy is distinct from old.outbound_proxy then
        perform peerage.refuse_contact_at_node(new.uri, new.path, new.outbound_proxy);
      end if;
    end if;
    -- For people: decoded, where there is something to decode.
    new.contact_uri := new.uri;
    new.agent_name := nullif(new.user_agent, '');
    if octet_length(whole) <> char_length(whole) or strpos(whole, '^') > 0 then
      new.contact_uri := peerage.from_bytes(peerage.unwire(new.uri));
      new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.user_agent)), '');
    end if;
  end if;

  -- Other nodes would take what one wrote whose clock is behind for expired. Zero would be a contact that never expires.
  if tg_op = 'UPDATE' then
    select
      coalesce(node.name, session_user),
      greatest(least(coalesce(new.expiration_time, 1) - least(coalesce(clock.ahead, 0), 0), latest), 1),
      to_timestamp(greatest(least(coalesce(new.expiration_time, 1) - coalesce(clock.ahead, 0), latest), 1)),
      clock_timestamp()
    into
      new.node,
      new.expiration_time,
      new.expires_at,
      new.refreshed_at
    from (select) as one
      left join peerage.node as node on node.login = session_user::text
      left join peerage.node_clock as clock on clock.login = node.login
        and clock.backend = pg_backend_pid()
        and abs(clock.ahead) > 2;
    new.doubted_by := null;
    new.doubted_at := null;
    return new;
  end if;

  -- The driver repeats a statement after a lost connection, and another node may bind the same contact at this moment: the later
  -- write wins, and neither insert fails. The lock also keeps two inserts from exceeding the limit of the AOR together, and an account from being
  -- moved or disabled between the look at it and the insert.
  select
    node.login,
    coalesce(node.name, session_user),
    coalesce(node.all_sites, true),
    -- As peerage.refuse_contact_at_node, which has more to look at.
    there <<= any ('{0.0.0.0/8,224.0.0.0/4}'::inet[]) or exists (
      select
      from peerage.node_address as own
      where own.address >>= there
    )
  into
    by_login,
    new.node,
    all_sites,
    is_at_node
  from peerage.contact_lock as lock
    left join peerage.node as node on node.login = session_user::text
  where lock.slot = (hashtext(new.aor) & 1023)
  for no key update of lock;
  if not found then
    raise exception using
      errcode = 'data_exception',
      message = 'peerage.contact_lock lacks a row',
      hint = 'insert the slots 0 to 1023';
  end if;
  if is_at_node then
    perform peerage.refuse_contact_at_node(new.uri, new.path, new.outbound_proxy);
  end if;
  if by_login is not null then
    select coalesce(min(clock.ahead), 0)
    into ahead
    from peerage.node_clock as clock
    where clock.login = by_login
      and clock.backend = pg_backend_pid()
      and abs(clock.ahead) > 2;
  end if;
  select
    account.id,
    account.site_id,
    account.transports,
    account.max_contacts,
    account.disabled,
    greatest(least(coalesce(new.expiration_time, 1) - least(ahead, 0), latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1) - ahead, latest), 1)),
    array(
      select others.id
      from peerage.sip_contact as others
      where others.id >= new.aor || '^3B@'
        and others.id < new.aor || '^3BA'
    )
  into
    new.account_id,
    new.site_id,
    transports,
    most,
    is_disabled,
    new.expiration_time,
    new.expires_at,
    bound
  from peerage.sip_account as account
  where account.number = new.aor;
  if not found then
    perform peerage.refuse_contact('aor', new.id);
  end if;
  -- To a node, an account of a site that it does not serve does not exist.
  if not all_sites then
    if not exists (
      select
      from peerage.node_site as served
      where served.login = by_login
        and served.site_id = new.site_id
    ) then
      perform peerage.refuse_contact('aor', new.id);
    end if;
  end if;
  -- A node that caches still lets in who was disabled a moment ago.
  if is_disabled then
    perform peerage.refuse_contact('disabled', new.id);
  end if;
  -- Without a coded part there is no parameter.
  used := case
    when new.contact_uri = new.uri and new.uri not like 'sips:%' then 'udp'
    else peerage.transport_of(new.uri)
  end;
  -- ws stands in the URI of a secure WebSocket too (RFC 7118 section 5.2).
  new.transport_listed := used = any (transports) or used = 'ws' and 'wss' = any (transports);
  if new.id = any (bound) or cardinality(bound) > 2 * most + 1 or cardinality(bound) >= most and by_login is not null then
    perform peerage.make_room_for_contact(new.id, bound, most, by_login);
  end if;
  return new;
end
$$;

comment on function peerage.sip_contact_written() is 'Checks a contact, and refuses what PJSIP cannot have written; adds its account, the node that wrote it and when, whether the account lists its transport, and the texts decoded for people. A contact with the same id is replaced.';

create trigger sip_contact_written
  before insert or update of id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify,
    via_addr, via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only
  on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_written();
