-- The canonical schema as the migrations make it: pg_dump, normalised. Compared in the tests; `make schema` writes it.

CREATE SCHEMA peerage;

COMMENT ON SCHEMA peerage IS 'The canonical tables: agents, telephones, their SIP settings and their state.';

CREATE FUNCTION peerage.account_goes_with_its_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  -- Most often the account goes first, and takes its owner along. It stays when it has changed hands.
  if exists (
    select
    from peerage.sip_account as account
    where account.id = old.account_id
      and not exists (
        select
        from peerage.agent as agent
        where agent.account_id = account.id
      )
      and not exists (
        select
        from peerage.phone as phone
        where phone.account_id = account.id
      )
  ) then
    delete from peerage.sip_account
    where id = old.account_id;
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.account_goes_with_its_owner() IS 'Removes the account that an agent or a phone leaves behind: nobody''s account would be served for ever.';

CREATE FUNCTION peerage.account_has_an_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if exists (
    select
    from peerage.sip_account as account
    where account.id = new.id
      and not exists (
        select
        from peerage.agent as agent
        where agent.account_id = account.id
      )
      and not exists (
        select
        from peerage.phone as phone
        where phone.account_id = account.id
      )
  ) then
    perform peerage.refuse(
      'sip_account',
      'sip_account_owner_check',
      'number',
      new.number,
      'an account belongs to an agent or a phone, which must be inserted in the same transaction'
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.account_has_an_owner() IS 'Refuses, when the transaction ends, an account that belongs to no agent and no phone.';

CREATE FUNCTION peerage.actor() RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  who text := session_user::text;
  known text;
begin
  select node.name
  into known
  from peerage.node as node
  where node.login = who;
  if found then
    return 'asterisk:' || known;
  end if;
  return coalesce(
    nullif(current_setting('peerage.actor', true), ''),
    who || coalesce(' (' || nullif(current_setting('application_name'), '') || ')', '')
  );
end
$$;

COMMENT ON FUNCTION peerage.actor() IS 'Who acts: a node by its login, whatever the session says; else the setting peerage.actor of the transaction; else the database user, with what the program calls itself.';

CREATE FUNCTION peerage.agent_outside_numbers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  home bigint := (select account.site_id from peerage.sip_account as account where account.id = new.account_id);
begin
  -- A number that was there before a site's rule is not refused when something else of the agent changes.
  if (tg_op = 'INSERT' or new.phone is distinct from old.phone) and not peerage.number_allowed(home, new.phone) then
    perform peerage.refuse_number(home, 'agent_phone_allowed_check', 'phone', new.phone);
  end if;
  if (tg_op = 'INSERT' or new.mobile is distinct from old.mobile) and not peerage.number_allowed(home, new.mobile) then
    perform peerage.refuse_number(home, 'agent_mobile_allowed_check', 'mobile', new.mobile);
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.agent_outside_numbers() IS 'Refuses a phone or mobile that the agent''s site does not allow, whoever sets it.';

CREATE FUNCTION peerage.agent_removal() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if new.account_id is null and old.account_id is not null and new.removed_at is null then
    new.removed_at := clock_timestamp();
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.agent_removal() IS 'Notes the moment at which an agent lost its account, whoever removed that.';

CREATE FUNCTION peerage.agent_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.login_account
  set disabled = true
  where agent_id = new.id
    and role = 'agent'
    and not disabled;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.agent_removed() IS 'Disables the user of an agent who is removed; a supervisor or an admin stays one.';

CREATE FUNCTION peerage.agent_session_log() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if tg_op = 'INSERT' then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (new.began_at, 'NONE', 'NONE', new.member_name, 'AGENTCALLBACKLOGIN', new.interface, new.agent_id, new.agent_number);
  else
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3, agent_id, agent_number)
    values (
      new.ended_at,
      'NONE',
      'NONE',
      new.member_name,
      'AGENTCALLBACKLOGOFF',
      new.interface,
      floor(extract(epoch from new.ended_at - new.began_at))::bigint::text,
      new.end_cause,
      new.agent_id,
      new.agent_number
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.agent_session_log() IS 'Writes the login and logoff lines that reporting tools on queue_log expect, once each.';

CREATE FUNCTION peerage.agent_session_outside_number() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  home bigint;
begin
  select account.site_id
  into home
  from peerage.agent as agent
    join peerage.sip_account as account on account.id = agent.account_id
    join peerage.site as site on site.id = account.site_id
  where agent.id = new.agent_id
  -- Whoever changes the rule meanwhile waits, and then finds this session.
  for share of site;
  if not coalesce(peerage.outside_number_allowed(home, peerage.outside_number_of(new.interface)), false) then
    perform peerage.refuse_number(home, 'agent_session_outside_number_check', 'interface', new.interface);
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.agent_session_outside_number() IS 'Refuses a login on an outside number that the agent''s site does not allow.';

CREATE FUNCTION peerage.another_is_able(of_node bigint, than_service text, within interval) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select exists (
    select
    from peerage.node_service as other
    where other.node_id = of_node
      and other.service <> than_service
      and other.is_able
      and other.seen_at > clock_timestamp() - within
  )
$$;

COMMENT ON FUNCTION peerage.another_is_able(of_node bigint, than_service text, within interval) IS 'Whether another service could lead a node: it said so within this time.';

CREATE FUNCTION peerage.are_empty_words(words text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ((words = ANY (ARRAY['yes'::text, 'no'::text, 'strict'::text, 'loose'::text])) OR ((words <> ''::text) AND (string_to_array(words, ','::text) <@ ARRAY['paused'::text, 'penalty'::text, 'inuse'::text, 'ringing'::text, 'unavailable'::text, 'invalid'::text, 'unknown'::text, 'wrapup'::text])));

COMMENT ON FUNCTION peerage.are_empty_words(words text) IS 'Whether app_queue understands this for joinempty and leavewhenempty (parse_empty_options).';

CREATE FUNCTION peerage.are_groups(list smallint[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  item smallint;
  seen bigint := 0::bigint;
begin
  -- A loop of plain expressions: a query in here would cost more than the rest of an insert.
  foreach item in array list
  loop
    if item is null or item not between 0 and 63 or (seen >> item) & 1 = 1 then
      return false;
    end if;
    seen := seen | (1::bigint << item);
  end loop;
  return true;
end
$$;

COMMENT ON FUNCTION peerage.are_groups(list smallint[]) IS 'Whether a list holds group numbers only (0 to 63, main/channel.c ast_get_group), none twice.';

CREATE FUNCTION peerage.are_names(list text[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  item text;
  seen text[] := array[]::text[];
begin
  foreach item in array list
  loop
    if item is null or item !~ '^[0-9A-Za-z_.-]+$' or octet_length(item) > 79 or item = any (seen) then
      return false;
    end if;
    seen := array_append(seen, item);
  end loop;
  return true;
end
$_$;

COMMENT ON FUNCTION peerage.are_names(list text[]) IS 'Whether a list holds names of groups only (letters, digits, `_`, `.`, `-`; at most 79), none twice.';

CREATE FUNCTION peerage.are_number_patterns(list text[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  item text;
  seen text[] := '{}'::text[];
begin
  if cardinality(list) = 0 then
    return false;
  end if;
  foreach item in array list
  loop
    if item is null
      or item !~ '^[+]?(?:[0-9*#XZN]|\[[0-9]+\])+[.]?$'
      or octet_length(item) > 80
      or item = any (seen)
    then
      return false;
    end if;
    seen := array_append(seen, item);
  end loop;
  return true;
end
$_$;

COMMENT ON FUNCTION peerage.are_number_patterns(list text[]) IS 'Whether a list holds patterns of outside numbers only, at least one and none twice. The letters are those of Asterisk''s patterns (X, Z, N), but `.` stands for digits alone.';

CREATE FUNCTION peerage.audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  secret text[] := coalesce(tg_argv, '{}');
  -- What is computed from other columns is no news; what nobody may read is shown as set.
  computed text[] := array(
    select attribute.attname::text
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = tg_relid
      and attribute.attgenerated <> ''
  );
  who text := peerage.actor();
  whence text := nullif(left(current_setting('peerage.address', true), 45), '');
begin
  -- What is a part of an agent is found by the agent's number.
  if tg_op = 'INSERT' then
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, after)
    select
      who,
      whence,
      tg_table_name,
      changed.id,
      coalesce(peerage.audit_subject(version.content), (select agent.number from peerage.agent as agent where agent.id = (version.content -> 'agent_id')::bigint)),
      'insert',
      case when secret = '{}' then version.content else peerage.audit_row(version.content, secret) end
    from new_rows as changed
      -- Offset 0 keeps the planner from computing the row once for each use.
      cross join lateral (select to_jsonb(changed) - computed as content offset 0) as version;
  elsif tg_op = 'DELETE' then
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, before)
    select
      who,
      whence,
      tg_table_name,
      changed.id,
      coalesce(peerage.audit_subject(version.content), (select agent.number from peerage.agent as agent where agent.id = (version.content -> 'agent_id')::bigint)),
      'delete',
      case when secret = '{}' then version.content else peerage.audit_row(version.content, secret) end
    from old_rows as changed
      cross join lateral (select to_jsonb(changed) - computed as content offset 0) as version;
  else
    -- Paired by grouping, not by a join: a plan that was made for one row, and kept, would join many in a nested loop.
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, before, after)
    select
      who,
      whence,
      tg_table_name,
      pair.id,
      coalesce(peerage.audit_subject(coalesce(pair.after, pair.before)), (select agent.number from peerage.agent as agent where agent.id = (coalesce(pair.after, pair.before) -> 'agent_id')::bigint)),
      'update',
      difference.before,
      difference.after
    from (
      select
        version.id,
        (array_agg(version.content) filter (where version.is_new))[1] as after,
        (array_agg(version.content) filter (where not version.is_new))[1] as before
      from (
        select
          old_row.id,
          false as is_new,
          to_jsonb(old_row) - computed as content
        from old_rows as old_row
        union all
        select
          new_row.id,
          true,
          to_jsonb(new_row) - computed
        from new_rows as new_row
      ) as version
      group by version.id
    ) as pair
      cross join lateral (
        select
          jsonb_object_agg(field, case when field = any (secret) and pair.before ->> field is not null then '"set"' else pair.before -> field end) as before,
          jsonb_object_agg(field, case when field = any (secret) and pair.after ->> field is not null then '"changed"' else pair.after -> field end) as after
        from jsonb_object_keys(coalesce(pair.after, pair.before)) as field
        where pair.before -> field is distinct from pair.after -> field
      ) as difference
    where difference.before is not null;
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.audit() IS 'Records a statement''s changes. Its arguments are the columns whose values are secret.';

CREATE FUNCTION peerage.audit_row(changed jsonb, secret text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  field text;
begin
  foreach field in array secret
  loop
    if changed ->> field is not null then
      changed := jsonb_set(changed, array[field], '"set"');
    end if;
  end loop;
  return changed;
end
$$;

COMMENT ON FUNCTION peerage.audit_row(changed jsonb, secret text[]) IS 'A row as the audit keeps it: a secret is only said to be set.';

CREATE FUNCTION peerage.audit_subject(changed jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((changed ->> 'number'::text), (changed ->> 'name'::text), (changed ->> 'username'::text));

COMMENT ON FUNCTION peerage.audit_subject(changed jsonb) IS 'What people call the row.';

CREATE FUNCTION peerage.begin_membership(wanted bigint, of_queue bigint, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  insert into peerage.queue_login (
    queue_name,
    interface,
    member_name,
    state_interface,
    penalty,
    session_id,
    queue_id,
    began_at
  )
  select
    queue.name,
    session.interface,
    session.member_name,
    session.state_interface,
    assignment.penalty::text,
    session.id,
    queue.id,
    at
  from peerage.agent_session as session
    join peerage.queue_assignment as assignment on assignment.agent_id = session.agent_id
    join peerage.queue as queue on queue.id = assignment.queue_id
  where session.id = wanted
    and session.ended_at is null
    and queue.id = of_queue
  on conflict on constraint queue_login_session_id_queue_id_key do nothing;
end
$$;

COMMENT ON FUNCTION peerage.begin_membership(wanted bigint, of_queue bigint, at timestamp with time zone) IS 'Makes an open session a member of a queue that its agent is assigned to. What Asterisk took away of other queues stays away.';

CREATE FUNCTION peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean) RETURNS TABLE(login_id bigint, password_hash text, lane text, wait_seconds double precision)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  lanes text[] := array['user'];
  chosen text;
  until timestamptz;
  in_network text;
  in_device text;
begin
  select
    login.id,
    login.password_hash
  into login_id, password_hash
  from peerage.login_account as login
  where login.username = given_name;

  if is_own then
    lanes := array['own'];
  else
    -- Whoever has the network's allowance has not everybody's beside it: a name that is known has no more guesses than one that is not.
    if exists (select from peerage.sign_in_network as known where known.login_id = begin_sign_in.login_id and known.network = from_network) then
      lanes := array['network'];
    end if;
    if exists (select from peerage.sign_in_device as known where known.login_id = begin_sign_in.login_id and known.device_digest = on_device) then
      lanes := array['device'] || lanes;
    end if;
  end if;

  foreach chosen in array lanes
  loop
    lane := chosen;
    in_network := case chosen when 'network' then from_network else '' end;
    in_device := case chosen when 'device' then on_device else '' end;
    select max(attempt.blocked_until)
    into until
    from peerage.sign_in_attempt as attempt
    where attempt.blocked_until > clock_timestamp()
      and (
        (attempt.lane = chosen and attempt.user_digest = of_user and attempt.network = in_network and attempt.device_digest = in_device)
        or (chosen = 'user' and attempt.lane = 'address' and attempt.user_digest = '' and attempt.network = from_network and attempt.device_digest = '')
      );
    if until is null and counts then
      -- Somebody may have been quicker.
      if peerage.count_sign_in(chosen, of_user, in_network, in_device) is null then
        until := clock_timestamp() + interval '1 second';
      end if;
    end if;
    wait_seconds := coalesce(extract(epoch from until - clock_timestamp()), 0)::double precision;
    exit when until is null;
  end loop;
  return next;
end
$$;

COMMENT ON FUNCTION peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean) IS 'The user of this name, none when there is none; the lane in which an attempt runs, and how long it must wait. Counts the attempt if asked to.';

CREATE FUNCTION peerage.check_session(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  -- Many triggers ask about one session when a transaction ends: one answer does for all of them.
  asked constant text := concat_ws(' ', wanted, pg_current_xact_id(), statement_timestamp());
  session peerage.agent_session;
  broken text;
begin
  if current_setting('peerage.whole_session', true) = asked then
    return;
  end if;
  select *
  into session
  from peerage.agent_session as one
  where one.id = wanted;
  if not found then
    return;
  end if;
  if session.ended_at is null then
    broken := case
      when not exists (select from peerage.agent_state as state where state.session_id = wanted and state.ended_at is null) then 'it is open, and its timeline is not'
      -- What the exclusion constraints leave out, because an open row in their index would cost more than all others do.
      when exists (
        select
        from peerage.agent_state as state
          join peerage.agent_state as earlier on earlier.session_id = state.session_id
        where state.session_id = wanted
          and state.ended_at is null
          and earlier.ended_at > state.began_at
      ) then 'its state began before an earlier one ended'
      when exists (
        select
        from peerage.agent_pause as pause
          join peerage.agent_pause as earlier on earlier.session_id = pause.session_id and earlier.queue_id is not distinct from pause.queue_id
        where pause.session_id = wanted
          and pause.ended_at is null
          and earlier.ended_at > pause.began_at
      ) then 'a pause began before an earlier one of the same queue ended'
      when not exists (
        select
        from peerage.agent_place as place
        where place.session_id = wanted
          and place.ended_at is null
          and place.interface = session.interface
      ) then 'it is open, and has no place on its interface'
      when exists (
        select
        from peerage.queue_login as member
          join peerage.queue as queue on queue.id = member.queue_id
        where member.session_id = wanted
          and (
            member.interface <> session.interface
            or member.state_interface <> session.state_interface
            or member.queue_name <> queue.name
            or (member.paused = '1') <> exists (
              select
              from peerage.agent_pause as pause
              where pause.session_id = wanted
                and pause.ended_at is null
                and (pause.queue_id is null or pause.queue_id = member.queue_id)
            )
          )
      ) then 'a queue membership disagrees with it (interface, queue or pause)'
    end;
  else
    broken := case
      when exists (select from peerage.queue_login as member where member.session_id = wanted) then 'it has ended, and its agent is still a member of queues'
      when exists (select from peerage.agent_pause as pause where pause.session_id = wanted and pause.ended_at is null) then 'it has ended, and a pause has not'
      when exists (select from peerage.agent_request as request where request.session_id = wanted and request.ended_at is null) then 'it has ended, and a logout is still to come'
      when exists (select from peerage.agent_state as state where state.session_id = wanted and state.ended_at is null) then 'it has ended, and its timeline has not'
      when exists (select from peerage.agent_place as place where place.session_id = wanted and place.ended_at is null) then 'it has ended, and its place is still taken'
    end;
  end if;
  if broken is not null then
    perform peerage.refuse(
      'agent_session',
      'agent_session_whole_check',
      'id',
      wanted::text,
      broken || '; use peerage.pause, peerage.unpause or peerage.end_session'
    );
  end if;
  perform set_config('peerage.whole_session', asked, true);
end
$$;

COMMENT ON FUNCTION peerage.check_session(wanted bigint) IS 'Refuses a session of which a part is missing or left over.';

CREATE FUNCTION peerage.contact_address(host text) RETURNS inet
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
  if host ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}$' then
    return rtrim(host, '.')::inet;
  end if;
  return case
    when rtrim(host, '.') in ('localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback') or rtrim(host, '.') like '%.localhost' then '127.0.0.1'::inet
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::ffff:0:0/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::ffff:0.0.0.0'::inet)
    -- IPv4-compatible (RFC 4291 section 2.5.5.1), but for :: and ::1 themselves, and through NAT64 (RFC 6052).
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '::/96'::inet and btrim(host, '[]')::inet > '::1'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '::'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' and btrim(host, '[]')::inet <<= '64:ff9b::/96'::inet
      then '0.0.0.0'::inet + (btrim(host, '[]')::inet - '64:ff9b::'::inet)
    when host ~ '^\[[0-9a-f:.]+\]$' then btrim(host, '[]')::inet
  end;
end
$_$;

COMMENT ON FUNCTION peerage.contact_address(host text) IS 'The address that a host of a contact is, localhost among them, one with an IPv4 address inside as that; null for any other name.';

CREATE TABLE peerage.sip_contact (
    id text NOT NULL COLLATE pg_catalog."C",
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
    endpoint text COLLATE pg_catalog."C",
    prune_on_boot text,
    qualify_2xx_only text,
    account_id bigint,
    site_id bigint,
    transport_listed boolean DEFAULT true NOT NULL,
    node text DEFAULT ''::text NOT NULL,
    registered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    refreshed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    aor text NOT NULL COLLATE pg_catalog."C",
    contact_uri text,
    agent_name text,
    expires_at timestamp with time zone,
    doubted_by text,
    doubted_at timestamp with time zone
);

COMMENT ON TABLE peerage.sip_contact IS 'Contacts that PJSIP bound (res_pjsip_registrar.c). Whether one is live is told by expires_at, not by its presence.';

COMMENT ON COLUMN peerage.sip_contact.id IS 'As PJSIP makes it: AOR, `^3B@`, MD5 of the URI (location.c). No other is taken.';

COMMENT ON COLUMN peerage.sip_contact.expiration_time IS 'Seconds since 1970 at which it expires, at most a week after it was written.';

COMMENT ON COLUMN peerage.sip_contact.uri IS 'Contact URI as written, with `;` coded.';

COMMENT ON COLUMN peerage.sip_contact.qualify_frequency IS 'Seconds between OPTIONS requests, as written.';

COMMENT ON COLUMN peerage.sip_contact.outbound_proxy IS 'As written; null for none.';

COMMENT ON COLUMN peerage.sip_contact.path IS 'Path header (RFC 3327), as written; null for none.';

COMMENT ON COLUMN peerage.sip_contact.user_agent IS 'User-Agent header, as written; its first 255 bytes.';

COMMENT ON COLUMN peerage.sip_contact.qualify_timeout IS 'Seconds to wait for an answer to OPTIONS, as written.';

COMMENT ON COLUMN peerage.sip_contact.reg_server IS 'systemname of the Asterisk that took the REGISTER; null when it has none.';

COMMENT ON COLUMN peerage.sip_contact.authenticate_qualify IS 'yes or no, as written.';

COMMENT ON COLUMN peerage.sip_contact.via_addr IS 'Address the REGISTER came from.';

COMMENT ON COLUMN peerage.sip_contact.via_port IS 'Port the REGISTER came from, as written.';

COMMENT ON COLUMN peerage.sip_contact.call_id IS 'Call-ID of the REGISTER, as written.';

COMMENT ON COLUMN peerage.sip_contact.endpoint IS 'Endpoint that registered it.';

COMMENT ON COLUMN peerage.sip_contact.prune_on_boot IS 'yes when the connection it came over dies with Asterisk (TCP, TLS, WebSocket).';

COMMENT ON COLUMN peerage.sip_contact.qualify_2xx_only IS 'true or false, as written; Asterisk 20.12, 21.7, 22.2 and later.';

COMMENT ON COLUMN peerage.sip_contact.account_id IS 'The account of the AOR.';

COMMENT ON COLUMN peerage.sip_contact.site_id IS 'The account''s site.';

COMMENT ON COLUMN peerage.sip_contact.transport_listed IS 'Whether the account lists the transport of the URI. PJSIP registers it all the same, but it may not be dialled.';

COMMENT ON COLUMN peerage.sip_contact.node IS 'The node that last wrote it, by its login.';

COMMENT ON COLUMN peerage.sip_contact.registered_at IS 'When it was bound.';

COMMENT ON COLUMN peerage.sip_contact.refreshed_at IS 'When it was last written.';

COMMENT ON COLUMN peerage.sip_contact.aor IS 'The AOR, from the id.';

COMMENT ON COLUMN peerage.sip_contact.contact_uri IS 'Contact URI, decoded.';

COMMENT ON COLUMN peerage.sip_contact.agent_name IS 'User-Agent header, decoded.';

COMMENT ON COLUMN peerage.sip_contact.expires_at IS 'When it expires.';

COMMENT ON COLUMN peerage.sip_contact.doubted_by IS 'Login of the node that would have deleted this contact while it lives, and whose clock is not known, or wrong; null for none.';

COMMENT ON COLUMN peerage.sip_contact.doubted_at IS 'When that was.';

CREATE FUNCTION peerage.contact_fault(contact peerage.sip_contact) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
  -- PJSIP prints a URI from what it has parsed, so there is nothing in it that its own parser would not take.
  return case
    when octet_length(contact.id) > 200 or contact.id !~ '^[0-9A-Za-z.-]+\^3B@[0-9a-f]{32}$' then 'id'
    when contact.uri is null
      or octet_length(contact.uri) > 1000
      or contact.uri !~ '^sips?:([^][<>"@ \u0001-\u001f\u007f]+@)?(\[[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?((\^3B|[?])[^<>" \u0001-\u001f\u007f]*)?$'
      or not peerage.is_port(substring(contact.uri from '^sips?:(?:[^@]+@)?(?:\[[^]]*\]|[0-9A-Za-z._-]+):([0-9]{1,5})')) then 'uri'
    when contact.endpoint <> split_part(contact.id, '^3B@', 1) and contact.endpoint <> '' then 'endpoint'
    when contact.path <> '' and (octet_length(contact.path) > 2000 or contact.path ~ '[\u0001-\u001f\u007f]') then 'path'
    when contact.outbound_proxy <> '' and (octet_length(contact.outbound_proxy) > 255 or contact.outbound_proxy ~ '[\u0001-\u001f\u007f]') then 'outbound_proxy'
    when not peerage.is_port(contact.via_port) then 'via_port'
    when contact.qualify_frequency !~ '^[0-9]{0,9}$' then 'qualify_frequency'
    when contact.qualify_timeout !~ '^([0-9]{1,9}([.][0-9]{1,9})?)?$' then 'qualify_timeout'
    when contact.authenticate_qualify not in ('', 'yes', 'no', 'true', 'false')
      or contact.prune_on_boot not in ('', 'yes', 'no', 'true', 'false')
      or contact.qualify_2xx_only not in ('', 'yes', 'no', 'true', 'false') then 'prune_on_boot'
  end;
end
$_$;

COMMENT ON FUNCTION peerage.contact_fault(contact peerage.sip_contact) IS 'The first column whose value PJSIP cannot have written; null when there is none. Every other Asterisk would trust such a value as its own.';

CREATE FUNCTION peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  insert into peerage.sign_in_attempt as attempt (lane, user_digest, network, device_digest)
  values (in_lane, of_user, from_network, on_device)
  on conflict on constraint sign_in_attempt_lane_key do update
  set
    failures = case
      when attempt.failed_at < clock_timestamp() - peerage.sign_in_memory(attempt.lane) then 1
      else attempt.failures + 1
    end,
    blocked_until = case
      when attempt.failed_at >= clock_timestamp() - peerage.sign_in_memory(attempt.lane)
        then clock_timestamp() + peerage.sign_in_delay(attempt.lane, attempt.failures + 1)
    end,
    failed_at = clock_timestamp()
  where attempt.blocked_until is null
    or attempt.blocked_until <= clock_timestamp()
  returning attempt.failed_at
$$;

COMMENT ON FUNCTION peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text) IS 'Counts an attempt in a lane before it is made, so that many at once are no more than many in a row. Null when the lane is blocked.';

CREATE FUNCTION peerage.cut(words text, bytes integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  short text := left(words, bytes);
begin
  while octet_length(short) > bytes
  loop
    short := left(short, -1);
  end loop;
  return short;
end
$$;

COMMENT ON FUNCTION peerage.cut(words text, bytes integer) IS 'As many letters of a text, from its start, as have room in so many bytes. Asterisk cuts inside a letter, and what it then writes is no UTF-8.';

CREATE FUNCTION peerage.cut_bytes(written text, most integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  short text := left(written, most);
begin
  if char_length(written) <= most then
    return written;
  end if;
  short := regexp_replace(short, '\^.?$', '');
  if substr(written, char_length(short) + 1, 1) ~ '[\u0080-\u00bf]' then
    short := regexp_replace(short, '[\u00c2-\u00f4][\u0080-\u00bf]{0,2}$', '');
  end if;
  return short;
end
$_$;

COMMENT ON FUNCTION peerage.cut_bytes(written text, most integer) IS 'The first bytes of what Asterisk wrote, cut neither inside a letter of UTF-8 nor inside a code such as `^3B`.';

CREATE FUNCTION peerage.decode_bytes(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  -- RFC 3629 section 4.
  utf8 constant text := '^([\u0001-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})*$';
  whole text;
begin
  if written ~ '[^\u0001-\u00ff]' then
    return written;
  end if;
  if written ~ utf8 then
    return convert_from(convert_to(written, 'LATIN1'), 'UTF8');
  end if;
  -- Asterisk cuts at a byte: UTF-8 up to its last letter.
  whole := regexp_replace(written, '[\u00c2-\u00f4][\u0080-\u00bf]{0,2}$', '');
  if octet_length(whole) <> char_length(whole) and whole ~ utf8 then
    return convert_from(convert_to(whole, 'LATIN1'), 'UTF8');
  end if;
  return written;
end
$_$;

COMMENT ON FUNCTION peerage.decode_bytes(written text) IS 'The text behind bytes that came as Latin-1 letters: UTF-8 where they are that, else Latin-1, which shows every byte.';

CREATE TABLE peerage.contact_lock (
    slot integer NOT NULL
);

COMMENT ON TABLE peerage.contact_lock IS 'Rows to lock while a contact is bound, one for many AORs: who binds to an AOR waits for who does so already. Not an advisory lock, which any login may take and keep; no login may touch this table.';

COMMENT ON COLUMN peerage.contact_lock.slot IS 'Hash of the AOR, modulo 1024.';

CREATE TABLE peerage.sip_peer (
    number text NOT NULL COLLATE pg_catalog."C",
    host text COLLATE pg_catalog."C",
    type text,
    md5secret text,
    context text,
    transport text,
    nat text,
    insecure text COLLATE pg_catalog."C",
    deny text,
    permit text,
    allow text,
    videosupport text,
    encryption text,
    callerid text,
    callgroup text,
    pickupgroup text,
    namedcallgroup text,
    namedpickupgroup text,
    setvar text,
    qualify text,
    qualifyfreq text,
    websocket text,
    dtlsverify text,
    dtlssetup text,
    dtlsautogeneratecert text,
    defaultuser text COLLATE pg_catalog."C",
    site_id bigint,
    ipaddr text COLLATE pg_catalog."C",
    port text COLLATE pg_catalog."C",
    regseconds text,
    fullcontact text,
    regserver text,
    useragent text,
    lastms text,
    path text,
    registered_transport text,
    node text DEFAULT ''::text NOT NULL,
    registered_at timestamp with time zone,
    written_at timestamp with time zone,
    contact_uri text,
    agent_name text,
    expires_at timestamp with time zone
)
WITH (fillfactor='80');

COMMENT ON TABLE peerage.sip_peer IS 'What chan_sip is told of a peer: one row for each account that has a secret and is not disabled. Each Voice field is explicit, because a null would mean what [general] of sip.conf says. From defaultuser on it is what chan_sip writes: it only updates, so the row is there before. Live means expires_at in the future.';

COMMENT ON COLUMN peerage.sip_peer.number IS 'Number of the account: the peers name.';

COMMENT ON COLUMN peerage.sip_peer.host IS 'dynamic, or the fixed address; dynamic for type user, whatever the host.';

COMMENT ON COLUMN peerage.sip_peer.type IS 'user, peer or friend.';

COMMENT ON COLUMN peerage.sip_peer.md5secret IS 'MD5 of number:realm:secret.';

COMMENT ON COLUMN peerage.sip_peer.context IS 'Dialplan context.';

COMMENT ON COLUMN peerage.sip_peer.transport IS 'Transports in order; an unlisted one is refused.';

COMMENT ON COLUMN peerage.sip_peer.nat IS 'In words that chan_sip knows: `never` and `route` would silently mean `no`.';

COMMENT ON COLUMN peerage.sip_peer.insecure IS 'port for a fixed host, without which chan_sip does not find the peer by address; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.deny IS 'Everything when the host is fixed; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.permit IS 'The fixed host; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.allow IS 'Codecs in order; with video also h264.';

COMMENT ON COLUMN peerage.sip_peer.videosupport IS 'yes or no.';

COMMENT ON COLUMN peerage.sip_peer.encryption IS 'yes or no.';

COMMENT ON COLUMN peerage.sip_peer.callerid IS 'Caller id, quoted and coded; null for none.';

COMMENT ON COLUMN peerage.sip_peer.callgroup IS 'Call groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer.pickupgroup IS 'Pickup groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer.namedcallgroup IS 'Named call groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer.namedpickupgroup IS 'Named pickup groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer.setvar IS 'Variables for the dialplan: a list, so its `;` is raw.';

COMMENT ON COLUMN peerage.sip_peer.qualify IS 'yes or no; yes only where chan_sip keeps peers in memory.';

COMMENT ON COLUMN peerage.sip_peer.qualifyfreq IS 'Seconds between OPTIONS requests.';

COMMENT ON COLUMN peerage.sip_peer.websocket IS 'yes when only WebSocket transports are listed: AVPF, ICE, RTCP multiplexing and DTLS together.';

COMMENT ON COLUMN peerage.sip_peer.dtlsverify IS 'fingerprint for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.dtlssetup IS 'actpass for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.dtlsautogeneratecert IS 'yes for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer.defaultuser IS 'Whom a call to it asks for: the number, or the user part of its contact as chan_sip wrote it.';

COMMENT ON COLUMN peerage.sip_peer.site_id IS 'Site of the account: a node that serves named sites reads the rows of those alone.';

COMMENT ON COLUMN peerage.sip_peer.ipaddr IS 'Address it registered from; null when it is not registered.';

COMMENT ON COLUMN peerage.sip_peer.port IS 'Port it registered from, as written.';

COMMENT ON COLUMN peerage.sip_peer.regseconds IS 'Seconds since 1970 at which the registration expires, as written.';

COMMENT ON COLUMN peerage.sip_peer.fullcontact IS 'Contact URI as written, with `;` coded.';

COMMENT ON COLUMN peerage.sip_peer.regserver IS 'systemname of the Asterisk that took the REGISTER (rtsavesysname).';

COMMENT ON COLUMN peerage.sip_peer.useragent IS 'User-Agent header, as written.';

COMMENT ON COLUMN peerage.sip_peer.lastms IS 'Round trip of the last OPTIONS in milliseconds, -1 unreachable, as written.';

COMMENT ON COLUMN peerage.sip_peer.path IS 'Path header, as written (rtsavepath).';

COMMENT ON COLUMN peerage.sip_peer.registered_transport IS 'The account''s transports with the one it registered over in front; null when it is not registered.';

COMMENT ON COLUMN peerage.sip_peer.node IS 'The node that wrote the registration, by its login.';

COMMENT ON COLUMN peerage.sip_peer.registered_at IS 'When the present registration began; null when there is none.';

COMMENT ON COLUMN peerage.sip_peer.written_at IS 'When chan_sip last wrote; null for never.';

COMMENT ON COLUMN peerage.sip_peer.contact_uri IS 'Contact URI, decoded.';

COMMENT ON COLUMN peerage.sip_peer.agent_name IS 'User-Agent header, decoded.';

COMMENT ON COLUMN peerage.sip_peer.expires_at IS 'When the registration expires; null when there is none.';

CREATE FUNCTION peerage.drop_registrations(of_number text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT
    FROM peerage.contact_lock lock
   WHERE (lock.slot = (hashtext(drop_registrations.of_number) & 1023))
  FOR NO KEY UPDATE OF lock;
 DELETE FROM peerage.sip_contact
   WHERE ((sip_contact.id >= (drop_registrations.of_number || '^3B@'::text)) AND (sip_contact.id < (drop_registrations.of_number || '^3BA'::text)));
 UPDATE peerage.sip_peer SET fullcontact = ''::text, regseconds = '0'::text, lastms = '0'::text, written_at = clock_timestamp()
   WHERE ((sip_peer.number = drop_registrations.of_number) AND (sip_peer.expires_at IS NOT NULL));
END;

COMMENT ON FUNCTION peerage.drop_registrations(of_number text) IS 'Ends all registrations of an account, whichever nodes wrote them.';

CREATE FUNCTION peerage.refuse(relation text, constraint_name text, field text, value text, rule text) RETURNS boolean
    LANGUAGE plpgsql PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception using
    errcode = 'check_violation',
    message = format('`%s` cannot be `%s`: %s', field, coalesce(value, 'null'), rule),
    schema = 'peerage',
    table = relation,
    column = field,
    constraint = constraint_name;
end
$$;

COMMENT ON FUNCTION peerage.refuse(relation text, constraint_name text, field text, value text, rule text) IS 'Called by a check constraint whose rule is broken. Raises check_violation that names the field, the value and the rule; PostgreSQL''s own message would name only the constraint and print the whole row. Volatile, or the planner would call it ahead of time.';

CREATE TABLE peerage.node (
    id bigint NOT NULL,
    name text NOT NULL,
    login text NOT NULL,
    all_sites boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    manager text,
    manager_user text DEFAULT 'peerage'::text NOT NULL,
    cache_seconds integer,
    keeps_peers boolean DEFAULT false NOT NULL,
    CONSTRAINT node_cache_seconds_check CHECK (
CASE
    WHEN ((cache_seconds IS NULL) OR ((cache_seconds >= 0) AND (cache_seconds <= 86400))) THEN true
    ELSE peerage.refuse('node'::text, 'node_cache_seconds_check'::text, 'cache_seconds'::text, (cache_seconds)::text, '0 to 86400 seconds'::text)
END),
    CONSTRAINT node_login_check CHECK (
CASE
    WHEN (login ~ '^[a-z_][a-z0-9_]{0,62}$'::text) THEN true
    ELSE peerage.refuse('node'::text, 'node_login_check'::text, 'login'::text, login, 'a lower-case letter or `_`, then up to 62 lower-case letters, digits or `_`'::text)
END),
    CONSTRAINT node_manager_check CHECK (
CASE
    WHEN ((manager IS NULL) OR ((manager ~ '^([0-9A-Za-z.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$'::text) AND ((("substring"(manager, '[0-9]+$'::text))::integer >= 1) AND (("substring"(manager, '[0-9]+$'::text))::integer <= 65535)))) THEN true
    ELSE peerage.refuse('node'::text, 'node_manager_check'::text, 'manager'::text, manager, 'host:port of Asterisk''s Manager interface'::text)
END),
    CONSTRAINT node_manager_user_check CHECK (
CASE
    WHEN (manager_user ~ '^[0-9A-Za-z_-]{1,64}$'::text) THEN true
    ELSE peerage.refuse('node'::text, 'node_manager_user_check'::text, 'manager_user'::text, manager_user, '1 to 64 letters, digits, `_` or `-`'::text)
END),
    CONSTRAINT node_name_check CHECK (
CASE
    WHEN (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text) THEN true
    ELSE peerage.refuse('node'::text, 'node_name_check'::text, 'name'::text, name, 'a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`'::text)
END)
);

COMMENT ON TABLE peerage.node IS 'An Asterisk that reads this database. Its password is kept by PostgreSQL alone, as a SCRAM verifier.';

COMMENT ON COLUMN peerage.node.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.node.name IS 'Name of the node: `systemname` of asterisk.conf.';

COMMENT ON COLUMN peerage.node.login IS 'The database role it signs in with; a member of peerage_asterisk. What that role writes, this node writes.';

COMMENT ON COLUMN peerage.node.all_sites IS 'Whether it serves every site; if not, those of peerage.node_site.';

COMMENT ON COLUMN peerage.node.created_at IS 'When the row was made.';

COMMENT ON COLUMN peerage.node.manager IS 'host:port of the node''s Manager interface (AMI), as the service reaches it; null: the service leaves this node alone. The secret stands in a file of the service, never here.';

COMMENT ON COLUMN peerage.node.manager_user IS 'Who signs in there: a section of manager.conf.';

COMMENT ON COLUMN peerage.node.cache_seconds IS 'How long its PJSIP keeps what it has read when nobody tells it of a change, as its configuration was last written; 0 keeps nothing. Null: not known, a day where there is a Manager interface.';

COMMENT ON COLUMN peerage.node.keeps_peers IS 'Whether its chan_sip keeps peers in memory until it is told of a change, however long that takes.';

CREATE FUNCTION peerage.end_overlong_transactions(longest interval) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (count(*))::integer AS count
    FROM ( SELECT pg_terminate_backend(activity.pid) AS ended
            FROM pg_stat_activity activity
           WHERE ((activity.datname = current_database()) AND (activity.usename IN ( SELECT node.login
                    FROM peerage.node node)) AND ((clock_timestamp() - activity.xact_start) > end_overlong_transactions.longest) AND (activity.wait_event_type IS DISTINCT FROM 'Lock'::text))) closed
   WHERE closed.ended;
END;

COMMENT ON FUNCTION peerage.end_overlong_transactions(longest interval) IS 'Closes the connections of nodes'' logins whose transaction has been open for longer, and returns how many. Sees those logins of which peerage_owner is a member.';

CREATE FUNCTION peerage.end_refused_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  ending record;
  at timestamptz;
begin
  for ending in
    select
      session.id,
      session.agent_id,
      account.site_id
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.sip_account as account on account.id = agent.account_id
    where session.ended_at is null
      and session.interface like 'Local/%'
      and case
        when tg_table_name = 'site' then account.site_id = new.id
        else account.id = new.id
      end
    order by session.agent_id
  loop
    at := peerage.lock_agent(ending.agent_id);
    -- It may have moved elsewhere while we waited for the lock.
    continue when not exists (
      select
      from peerage.agent_session as session
      where session.id = ending.id
        and session.ended_at is null
        and session.interface like 'Local/%'
        and not coalesce(peerage.outside_number_allowed(ending.site_id, peerage.outside_number_of(session.interface)), false)
    );
    perform peerage.end_session(ending.id, 'admin', 'the site does not allow the number', peerage.actor(), at);
  end loop;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.end_refused_sessions() IS 'Ends the sessions whose calls ring on an outside number that is no longer allowed, when a site''s rule or an agent''s site changes.';

CREATE FUNCTION peerage.end_rests() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  over text[];
begin
  if not exists (
    select
    from peerage.queue_rest as rest
    where rest.until <= clock_timestamp()
  ) then
    return;
  end if;
  over := array(
    select member.uniqueid
    from peerage.queue_login as member
    where member.uniqueid in (
      select rest.uniqueid
      from peerage.queue_rest as rest
      where rest.until <= clock_timestamp()
    )
    -- Who changes a member at this moment has its row locked, and perhaps waits for us. Its rest ends with the next call of this.
    for no key update skip locked
  );
  update peerage.queue_login
  set rests_until = null
  where uniqueid = any (over);
  delete from peerage.queue_rest as rest
  where rest.uniqueid in (
    select due.uniqueid
    from peerage.queue_rest as due
    where due.until <= clock_timestamp()
      and (
        due.uniqueid = any (over)
        or not exists (
          select
          from peerage.queue_login as member
          where member.uniqueid = due.uniqueid
        )
      )
    for update skip locked
  );
end
$$;

COMMENT ON FUNCTION peerage.end_rests() IS 'Ends the rests after a call that are over: app_queue reads these members as they are from then on.';

CREATE FUNCTION peerage.end_session(wanted bigint, cause text, why text, by text, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null;
  delete from peerage.queue_login
  where session_id = wanted;
  update peerage.agent_request
  set
    ended_at = at,
    outcome = 'done'
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_place
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_session
  set
    ended_at = at,
    ended_by = by,
    end_cause = cause,
    end_reason = why
  where id = wanted
    and ended_at is null;
end
$$;

COMMENT ON FUNCTION peerage.end_session(wanted bigint, cause text, why text, by text, at timestamp with time zone) IS 'Ends a session: pauses first, then memberships, then the session. The agent must be locked.';

CREATE FUNCTION peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  blocked timestamptz;
begin
  if is_right then
    delete from peerage.sign_in_attempt as attempt
    where attempt.lane = in_lane
      and attempt.user_digest = of_user
      and attempt.network = case in_lane when 'network' then from_network else '' end
      and attempt.device_digest = case in_lane when 'device' then on_device else '' end;
    update peerage.login_account as login
    set
      failed_sign_ins = 0,
      locked_until = null
    where login.id = of_login
      and (login.failed_sign_ins > 0 or login.locked_until is not null);
    return;
  end if;
  if in_lane <> 'own' and from_network <> '' then
    perform peerage.count_sign_in('address', '', from_network, '');
  end if;
  select attempt.blocked_until
  into blocked
  from peerage.sign_in_attempt as attempt
  where attempt.lane = in_lane
    and attempt.user_digest = of_user
    and attempt.network = case in_lane when 'network' then from_network else '' end
    and attempt.device_digest = case in_lane when 'device' then on_device else '' end;
  update peerage.login_account as login
  set
    failed_sign_ins = login.failed_sign_ins + 1,
    locked_until = case
      when blocked > clock_timestamp() then blocked
    end
  where login.id = of_login;
end
$$;

COMMENT ON FUNCTION peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean) IS 'Notes what became of an attempt that was counted: a success gives its allowance back, a failure shows with the user and in the audit.';

CREATE FUNCTION peerage.end_sip_registration(of_number text, of_node text, as_written timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0',
    -- In the name of the node: only who has a right to the table can write this.
    written_at = clock_timestamp()
  where number = of_number
    and node = of_node
    and written_at = as_written
    and expires_at is not null;

  return found;
end
$$;

COMMENT ON FUNCTION peerage.end_sip_registration(of_number text, of_node text, as_written timestamp with time zone) IS 'Ends a chan_sip registration in the name of its node, unless it was written since: a node that keeps peers in memory does not always write that a telephone has unregistered.';

CREATE FUNCTION peerage.forget_sign_ins(most bigint) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  delete from peerage.sign_in_attempt as attempt
  where attempt.failed_at < clock_timestamp() - peerage.sign_in_memory(attempt.lane)
    and (attempt.blocked_until is null or attempt.blocked_until < clock_timestamp());

  -- Whoever fills the table with names that nobody has drives those out first, and not a user who is being guessed.
  delete from peerage.sign_in_attempt as attempt
  where attempt.id in (
    select surplus.id
    from peerage.sign_in_attempt as surplus
    order by surplus.failures desc, surplus.failed_at desc
    offset most
  );

  delete from peerage.sign_in_device as known
  where known.seen_at < clock_timestamp() - interval '180 days';

  delete from peerage.sign_in_network as known
  where known.seen_at < clock_timestamp() - interval '90 days';
$$;

COMMENT ON FUNCTION peerage.forget_sign_ins(most bigint) IS 'Removes failures that are old, the least telling ones above this number of rows, and browsers and networks that were not used for long.';

CREATE FUNCTION peerage.from_bytes(written text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (octet_length(written) = char_length(written)) THEN written ELSE peerage.decode_bytes(written) END;

COMMENT ON FUNCTION peerage.from_bytes(written text) IS 'As peerage.decode_bytes, without a call for what is ASCII.';

CREATE FUNCTION peerage.is_address(written text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  address inet;
begin
  address := written::inet;
  -- ::/96 but ::1 is dead space, and is written in more than one way.
  return host(address) = written
    and (address = '::1' or not address <<= '::/96')
    and not address <<= any (array[
      '0.0.0.0/32', '255.255.255.255/32', '224.0.0.0/4', 'ff00::/8', '::ffff:0:0/96'
    ]::inet[]);
exception
  when invalid_text_representation then
    return false;
end
$$;

COMMENT ON FUNCTION peerage.is_address(written text) IS 'Whether a text is one IP address of a host in its canonical form: no mask, no name, not unspecified, multicast, broadcast or IPv4-mapped.';

CREATE FUNCTION peerage.is_port(written text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (written ~ '^[0-9]{1,5}$'::text) THEN ((written)::integer <= 65535) ELSE (written = ''::text) END;

COMMENT ON FUNCTION peerage.is_port(written text) IS 'Whether a text is a port, 0 included, or empty.';

CREATE FUNCTION peerage.queue_option_kind(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN CASE WHEN (name = ANY (ARRAY['announce_frequency'::text, 'announce_position_limit'::text, 'autopausedelay'::text, 'memberdelay'::text, 'min_announce_frequency'::text, 'penaltymemberslimit'::text, 'periodic_announce_frequency'::text])) THEN 'number'::text WHEN (name = ANY (ARRAY['announce_to_first_user'::text, 'autofill'::text, 'autopausebusy'::text, 'autopauseunavail'::text, 'log_restricted_caller_id'::text, 'random_periodic_announce'::text, 'relative_periodic_announce'::text, 'reportholdtime'::text, 'setinterfacevar'::text, 'setqueueentryvar'::text, 'setqueuevar'::text, 'timeoutrestart'::text])) THEN 'yes_no'::text WHEN (name = 'announce_holdtime'::text) THEN 'holdtime'::text WHEN (name = 'announce_position'::text) THEN 'position'::text WHEN (name = 'announce_round_seconds'::text) THEN 'rounding'::text WHEN (name = 'timeoutpriority'::text) THEN 'priority'::text WHEN (name = ANY (ARRAY['announce'::text, 'context'::text, 'defaultrule'::text, 'membergosub'::text, 'monitor_format'::text, 'periodic_announce'::text, 'queue_callerannounce'::text, 'queue_callswaiting'::text, 'queue_holdtime'::text, 'queue_minute'::text, 'queue_minutes'::text, 'queue_quantity1'::text, 'queue_quantity2'::text, 'queue_reporthold'::text, 'queue_seconds'::text, 'queue_thankyou'::text, 'queue_thereare'::text, 'queue_youarenext'::text])) THEN 'text'::text ELSE NULL::text END;

COMMENT ON FUNCTION peerage.queue_option_kind(name text) IS 'What the value of an option of app_queue is: number, yes_no, holdtime, position, rounding, priority or text; null when there is no such option, or when it has a column of its own.';

CREATE FUNCTION peerage.is_queue_option(name text, value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN (((char_length(value) >= 1) AND (char_length(value) <= 128)) AND (value !~ '[\u0001-\u001f\u007f-\u009f]'::text) AND COALESCE(CASE peerage.queue_option_kind(name) WHEN 'number'::text THEN (value ~ '^[0-9]{1,6}$'::text) WHEN 'yes_no'::text THEN (value = ANY (ARRAY['yes'::text, 'no'::text, 'true'::text, 'false'::text, 'on'::text, 'off'::text, '1'::text, '0'::text])) WHEN 'holdtime'::text THEN (value = ANY (ARRAY['yes'::text, 'no'::text, 'once'::text, 'true'::text, 'false'::text, 'on'::text, 'off'::text, '1'::text, '0'::text])) WHEN 'position'::text THEN (value = ANY (ARRAY['yes'::text, 'no'::text, 'limit'::text, 'more'::text, 'true'::text, 'false'::text, 'on'::text, 'off'::text, '1'::text, '0'::text])) WHEN 'rounding'::text THEN (value = ANY (ARRAY['0'::text, '5'::text, '10'::text, '15'::text, '20'::text, '30'::text])) WHEN 'priority'::text THEN (value = ANY (ARRAY['app'::text, 'conf'::text])) WHEN 'text'::text THEN true ELSE NULL::boolean END, false));

COMMENT ON FUNCTION peerage.is_queue_option(name text, value text) IS 'Whether app_queue knows an option of this name, and takes this value as it is meant.';

CREATE FUNCTION peerage.lead(by_service text, by_name text, linked text[], able text[], candidates text[], lease_seconds double precision) RETURNS TABLE(node text, epoch bigint, leader text, is_ours boolean, another_is_able boolean)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  lease_time constant interval := make_interval(secs => lease_seconds);
begin
  perform peerage.end_rests();

  -- Rows are locked in one order everywhere, so that two services do not wait for each other.
  perform
  from peerage.node_lease as lease
  order by lease.node_id
  for no key update;

  perform
  from peerage.node_service as service
  order by service.node_id, service.service
  for no key update;

  insert into peerage.node_service as known (node_id, service, service_name, is_able)
  select
    node.id,
    by_service,
    by_name,
    node.name = any (able)
  from peerage.node as node
  where node.name = any (linked)
  order by node.id
  on conflict on constraint node_service_node_id_service_pk do update
  set
    service_name = excluded.service_name,
    is_able = excluded.is_able,
    seen_at = clock_timestamp();

  delete from peerage.node_service as gone
  where gone.seen_at < clock_timestamp() - 10 * lease_time
    or (gone.service = by_service and gone.node_id not in (select node.id from peerage.node as node where node.name = any (linked)));

  -- What is not wanted any more is given back.
  update peerage.node_lease as lease
  set
    service = null,
    service_name = null,
    expires_at = clock_timestamp()
  where lease.service = by_service
    and lease.node_id not in (select node.id from peerage.node as node where node.name = any (candidates));

  insert into peerage.node_lease as lease (node_id, epoch, service, service_name, expires_at)
  select
    node.id,
    1,
    by_service,
    by_name,
    clock_timestamp() + lease_time
  from peerage.node as node
  where node.name = any (candidates)
    and (node.name = any (able) or not peerage.another_is_able(node.id, by_service, lease_time))
  order by node.id
  on conflict on constraint node_lease_node_id_pk do update
  set
    epoch = lease.epoch + (lease.service is distinct from by_service)::integer,
    service = excluded.service,
    service_name = excluded.service_name,
    expires_at = clock_timestamp() + lease_time
  where lease.service is null
    or lease.service = by_service
    or lease.expires_at < clock_timestamp()
    -- Nobody gets one for so long: this server's clock was put back.
    or lease.expires_at > clock_timestamp() + 10 * lease_time;

  return query
    select
      node.name,
      lease.epoch,
      case
        when lease.expires_at > clock_timestamp() then lease.service_name
      end,
      coalesce(lease.service = by_service and lease.expires_at > clock_timestamp(), false),
      peerage.another_is_able(node.id, by_service, lease_time)
    from peerage.node as node
      join peerage.node_lease as lease on lease.node_id = node.id
    order by node.name;
end
$$;

COMMENT ON FUNCTION peerage.lead(by_service text, by_name text, linked text[], able text[], candidates text[], lease_seconds double precision) IS 'Renews the leases of a service, and takes those that are free or have expired. Linked are the nodes that it has a link to, able those whose link is up, candidates those that it would lead; what it leads and is no candidate for is given back. Who leads and is not able is not renewed where another is. Returns who leads each node.';

CREATE FUNCTION peerage.lock_agent(wanted bigint) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform
  from peerage.agent
  where id = wanted
  for update;
  return peerage.time_of(array[wanted]);
end
$$;

COMMENT ON FUNCTION peerage.lock_agent(wanted bigint) IS 'Locks an agent and returns the time from then on: every change of an agent''s state begins with this.';

CREATE FUNCTION peerage.logged_agent(member text, call text, at timestamp with time zone, OUT agent_id bigint, OUT agent_number text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
  -- A call stays with the agent who took it, whoever has that name when it ends.
  if call ~ '^[0-9A-Za-z_-]*[0-9]+[.][0-9]+$' then
    select
      log.agent_id,
      log.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.queue_log as log
    where log.callid = call
      and log.agent = member
      and log.agent_id is not null
    order by log.id desc
    limit 1;
  end if;
  -- No two at work at once have one name, so who began last before that moment is meant. A clock may be a little behind.
  for skew in 0..1 loop
    exit when logged_agent.agent_id is not null;
    select
      session.agent_id,
      session.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.agent_session as session
    where session.member_name = member
      and session.began_at <= at + skew * interval '5 minutes'
      -- Somebody else may have the name later. What a call leaves behind comes within the hour.
      and coalesce(session.ended_at, at) >= at - interval '1 hour'
    order by session.began_at desc
    limit 1;
  end loop;
end
$_$;

COMMENT ON FUNCTION peerage.logged_agent(member text, call text, at timestamp with time zone, OUT agent_id bigint, OUT agent_number text) IS 'Whose line a member''s name is at a moment; nulls when nobody''s. A line of a call is whose the call was.';

CREATE FUNCTION peerage.make_room_for_contact(wanted text, bound text[], max_contacts integer, by_login text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  -- PJSIP binds the new contacts of a REGISTER, as many as the AOR may have, before it removes the old ones; two more for what
  -- other nodes do meanwhile.
  most constant integer := 2 * max_contacts + 2;
  others integer := cardinality(bound);
begin
  if wanted = any (bound) then
    delete from peerage.sip_contact
    where id = wanted;
    others := others - 1;
  end if;
  -- A phone has moved here, and the node took its old contact for expired.
  if others >= max_contacts and by_login is not null then
    delete from peerage.sip_contact as contact
    where contact.id = any (bound)
      and contact.id <> wanted
      and contact.doubted_by = by_login
      and contact.doubted_at > clock_timestamp() - interval '10 seconds';
  end if;
  if others >= most then
    delete from peerage.sip_contact as contact
    where contact.id = any (bound)
      and contact.expires_at <= clock_timestamp();
    select count(*)::integer
    into others
    from peerage.sip_contact as contact
    where contact.id = any (bound);
    if others >= most then
      perform peerage.refuse('sip_contact', 'sip_contact_aor_full_check', 'id', wanted, format('its account has %s contacts already', others));
    end if;
  end if;
end
$$;

COMMENT ON FUNCTION peerage.make_room_for_contact(wanted text, bound text[], max_contacts integer, by_login text) IS 'Makes room for a new contact among those an account has (bound): removes the one with the same id, those that this node has just asked to delete, and, at the limit, expired ones. Refuses the new contact when there is no room. The AOR must be locked (peerage.contact_lock).';

CREATE TABLE peerage.node_clock (
    login text NOT NULL,
    ahead bigint NOT NULL,
    backend integer NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE peerage.node_clock IS 'How far the clock of each node is ahead of the database''s, as its last search for expired contacts showed.';

COMMENT ON COLUMN peerage.node_clock.login IS 'Login of the node.';

COMMENT ON COLUMN peerage.node_clock.ahead IS 'Seconds that the node''s clock is ahead; negative when it is behind.';

COMMENT ON COLUMN peerage.node_clock.backend IS 'Process id of the session that showed it: a node that has connected anew may have another clock.';

COMMENT ON COLUMN peerage.node_clock.seen_at IS 'When, by the database''s clock.';

CREATE FUNCTION peerage.node_clock_ahead(of_login text) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN (SELECT clock.ahead FROM peerage.node_clock clock WHERE ((clock.login = node_clock_ahead.of_login) AND (clock.backend = pg_backend_pid()) AND (clock.seen_at > (clock_timestamp() - '00:02:00'::interval))));

COMMENT ON FUNCTION peerage.node_clock_ahead(of_login text) IS 'How many seconds the clock of the node that has this session is ahead; null when this session has not shown it lately.';

CREATE FUNCTION peerage.node_renamed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.sip_contact
  set node = new.name
  where node = old.name;
  update peerage.sip_peer
  set node = new.name
  where node = old.name;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.node_renamed() IS 'What a node has registered is its own under its new name too. What it did in the past stays under the old one.';

CREATE FUNCTION peerage.node_says(said bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  now_here constant bigint := extract(epoch from clock_timestamp())::bigint;
  was_ahead constant bigint := peerage.node_clock_ahead(session_user::text);
begin
  -- Some callers may wait for it, and no service be there.
  perform peerage.end_rests();
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

COMMENT ON FUNCTION peerage.node_says(said bigint) IS 'Ends the rests that are over, takes note of the time that a node says it is, decides on the contacts that it would have deleted before that was known, and returns the earlier of its time and the database''s.';

CREATE FUNCTION peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  -- Whoever learnt the old cookie, or planted it, has nothing of it: for everybody who signs in there it is another from now on.
  update peerage.sign_in_device as known
  set device_digest = new_device
  where known.device_digest = on_device
    and on_device <> '';

  insert into peerage.sign_in_device as known (login_id, device_digest)
  values (of_login, new_device)
  on conflict on constraint sign_in_device_login_id_device_digest_key do update
  set seen_at = clock_timestamp();

  insert into peerage.sign_in_network as known (login_id, network)
  select
    of_login,
    from_network
  where from_network <> ''
  on conflict on constraint sign_in_network_login_id_network_key do update
  set seen_at = clock_timestamp();

  delete from peerage.sign_in_device as known
  where known.login_id = of_login
    and known.id not in (
      select newest.id
      from peerage.sign_in_device as newest
      where newest.login_id = of_login
      order by newest.seen_at desc
      limit 20
    );

  delete from peerage.sign_in_network as known
  where known.login_id = of_login
    and known.id not in (
      select newest.id
      from peerage.sign_in_network as newest
      where newest.login_id = of_login
      order by newest.seen_at desc
      limit 10
    );
$$;

COMMENT ON FUNCTION peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text) IS 'Remembers network and browser of a sign-in, the last 10 and the last 20 of a user. The browser gets a new cookie each time.';

CREATE FUNCTION peerage.number_allowed(of_site bigint, number text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
  -- With a letter, dot or hyphen it can only be the number of an account: the dialplan has no such outside number.
  return number !~ '^[+]?[0-9*#]+$'
    or peerage.outside_number_allowed(of_site, number)
    or exists (
      select
      from peerage.sip_account as account
      where account.number = number_allowed.number
    );
end
$_$;

COMMENT ON FUNCTION peerage.number_allowed(of_site bigint, number text) IS 'Whether an agent of a site may have this number as phone or mobile: an account''s, or an outside number that is allowed.';

CREATE FUNCTION peerage.number_pattern(pattern text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (('^'::text || replace(replace(replace(replace(replace(replace(pattern, '*'::text, '[*]'::text), '+'::text, '[+]'::text), '.'::text, '[0-9]+'::text), 'X'::text, '[0-9]'::text), 'Z'::text, '[1-9]'::text), 'N'::text, '[2-9]'::text)) || '$'::text);

COMMENT ON FUNCTION peerage.number_pattern(pattern text) IS 'The regular expression of a pattern of site.outside_numbers.';

CREATE FUNCTION peerage.to_bytes(plain text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN convert_from(convert_to(plain, 'UTF8'::name), 'LATIN1'::name);

COMMENT ON FUNCTION peerage.to_bytes(plain text) IS 'A text as the bytes of its UTF-8, each as the Latin-1 letter of that number.';

CREATE FUNCTION peerage.received(written text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN ((octet_length(written) = char_length(written)) OR (pg_client_encoding() = 'LATIN1'::name)) THEN written ELSE peerage.to_bytes(written) END;

COMMENT ON FUNCTION peerage.received(written text) IS 'What the client wrote, as bytes: a node''s text as it came, another client''s as its UTF-8.';

CREATE FUNCTION peerage.only_shown(written text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN peerage.cut_bytes(regexp_replace(peerage.received(written), '[\u0001-\u001f\u007f]'::text, ' '::text, 'g'::text), 255);

COMMENT ON FUNCTION peerage.only_shown(written text) IS 'What the client wrote, as bytes, for people to read: at most 255 bytes, a blank for each control character.';

CREATE FUNCTION peerage.outside_number_allowed(of_site bigint, number text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  home record;
begin
  select
    site.outside_numbers as patterns,
    country.numbers
  into home
  from peerage.site as site
    left join peerage.country as country on country.code = site.country
  where site.id = of_site;
  if home.patterns is null then
    return coalesce(number ~ home.numbers, false);
  end if;
  return exists (
    select
    from unnest(home.patterns) as pattern
    where number ~ peerage.number_pattern(pattern)
  );
end
$$;

COMMENT ON FUNCTION peerage.outside_number_allowed(of_site bigint, number text) IS 'Whether calls of a site''s queues may go out to this number: it matches a pattern of the site or, if the site has none, is a fixed-line or mobile number of its country. Without either, no number is allowed.';

CREATE FUNCTION peerage.outside_number_of(interface text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN "substring"(interface, '^Local/([^@]*)@peerage-outbound/n$'::text);

COMMENT ON FUNCTION peerage.outside_number_of(interface text) IS 'The outside number that an interface rings; null when it is a device.';

CREATE FUNCTION peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  replaced bigint;
  is_so boolean;
begin
  select
    count(*),
    coalesce(bool_or(pause.queue_id is not distinct from of_queue and pause.reason is not distinct from why), false)
  into
    replaced,
    is_so
  from peerage.agent_pause as pause
  where pause.session_id = wanted
    and pause.ended_at is null
    and (of_queue is null or pause.queue_id = of_queue);
  if is_so then
    return;
  end if;
  -- A second reason replaces the first; both stay recorded. A pause of all queues takes the place of single ones.
  if replaced > 0 then
    update peerage.agent_pause
    set
      ended_at = at,
      ended_by = by
    where session_id = wanted
      and ended_at is null
      and (of_queue is null or queue_id = of_queue);
  end if;
  insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
  values (
    wanted,
    of_queue,
    (select name from peerage.queue where id = of_queue),
    why,
    (select id from peerage.pause_reason where code = why),
    by,
    is_forced,
    at,
    at
  );
  perform peerage.settle(wanted, at);
end
$$;

COMMENT ON FUNCTION peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamp with time zone) IS 'Pauses a session on one queue, or on all when the queue is null. The same again changes nothing. The agent must be locked.';

CREATE FUNCTION peerage.pause_told(member text, of_node text, is_paused text, why text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  insert into peerage.pause_seen as seen (uniqueid, node, paused, reason)
  select
    member,
    node.name,
    is_paused,
    why
  from peerage.node as node
  where node.name = of_node
  on conflict on constraint pause_seen_uniqueid_node_pk do update
  set
    paused = excluded.paused,
    reason = excluded.reason
  where seen.paused <> excluded.paused
    or seen.reason is distinct from excluded.reason;
end
$$;

COMMENT ON FUNCTION peerage.pause_told(member text, of_node text, is_paused text, why text) IS 'Keeps what a node said of a member''s pause. The agent must be locked; of a node that is none, nothing is kept.';

CREATE FUNCTION peerage.queue_assignment_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  open_session bigint;
  at timestamptz;
begin
  at := peerage.lock_agent(coalesce(new.agent_id, old.agent_id));
  select session.id
  into open_session
  from peerage.agent_session as session
  where session.agent_id = coalesce(new.agent_id, old.agent_id)
    and session.ended_at is null;
  if not found then
    return null;
  end if;
  if tg_op = 'DELETE' then
    update peerage.agent_pause
    set
      ended_at = at,
      ended_by = peerage.actor()
    where session_id = open_session
      and queue_id = old.queue_id
      and ended_at is null;
    delete from peerage.queue_login
    where session_id = open_session
      and queue_id = old.queue_id;
  elsif tg_op = 'INSERT' then
    perform peerage.begin_membership(open_session, new.queue_id, at);
  else
    update peerage.queue_login
    set penalty = new.penalty::text
    where session_id = open_session
      and queue_id = new.queue_id;
  end if;
  perform peerage.settle(open_session, at);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.queue_assignment_follows() IS 'Makes an agent at work join, leave or change penalty in a queue when the assignment does. A pause of all queues holds in the new one too.';

CREATE FUNCTION peerage.queue_login_is_another() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  delete from peerage.pause_seen
  where uniqueid = old.uniqueid;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_is_another() IS 'A membership that gets another uniqueid is another member: no node has spoken of it.';

CREATE FUNCTION peerage.queue_login_log() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  at timestamptz;
  session peerage.agent_session;
begin
  select *
  into session
  from peerage.agent_session as one
  where one.id = coalesce(new.session_id, old.session_id);
  at := case
    when tg_op = 'INSERT' or tg_op = 'UPDATE' and new.changed_at > old.changed_at then new.changed_at
    else peerage.time_of(array[session.agent_id])
  end;

  if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.uniqueid <> new.uniqueid then
    insert into peerage.queue_log (time, callid, queuename, agent, event, agent_id, agent_number)
    values (at, 'REALTIME', old.queue_name, old.member_name, 'REMOVEMEMBER', session.agent_id, session.agent_number);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and old.uniqueid <> new.uniqueid then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (
      at,
      'REALTIME',
      new.queue_name,
      new.member_name,
      'ADDMEMBER',
      case
        when new.paused = '1' then 'PAUSED'
      end,
      session.agent_id,
      session.agent_number
    );
  end if;
  if tg_op = 'INSERT' and new.paused = '1'
    or tg_op = 'UPDATE' and (old.paused, coalesce(old.reason_paused, '')) <> (new.paused, coalesce(new.reason_paused, ''))
  then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, agent_id, agent_number)
    values (
      at,
      'NONE',
      new.queue_name,
      new.member_name,
      case
        when new.paused = '1' then 'PAUSE'
        else 'UNPAUSE'
      end,
      -- `|` parts the fields of Asterisk's file.
      translate(new.reason_paused, '|', ' '),
      session.agent_id,
      session.agent_number
    );
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_log() IS 'Writes app_queue''s lines about members (ADDMEMBER, REMOVEMEMBER, PAUSE, UNPAUSE), once each, as the change is made.';

CREATE FUNCTION peerage.queue_login_probe() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  -- Without an error, so that `delete from peerage.queue_login` removes all members.
  return null;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_probe() IS 'Keeps the row from which app_queue learns which columns there are, when all others are deleted.';

CREATE FUNCTION peerage.queue_login_rests() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  new.rests_until := (
    select least(max(log.time), clock_timestamp()) + make_interval(secs => queue.wrapup_seconds)
    from peerage.queue as queue
      join peerage.agent_session as session on session.id = new.session_id
      join peerage.queue_log as log on log.agent_id = session.agent_id
        and log.time > clock_timestamp() - make_interval(secs => queue.wrapup_seconds)
        and log.queuename = queue.name
        and log.event in ('COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER')
    where queue.id = new.queue_id
      and queue.wrapup_seconds > 0
    group by queue.id
  );
  if new.rests_until is not null then
    insert into peerage.queue_rest (uniqueid, until)
    values (new.uniqueid, new.rests_until)
    on conflict on constraint queue_rest_uniqueid_pk do update
    set until = excluded.until;
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_rests() IS 'Carries what is left of the rest after a call over to a new member, and notes its end.';

CREATE FUNCTION peerage.queue_login_site() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  new.site_id := (
    select account.site_id
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.sip_account as account on account.id = agent.account_id
    where session.id = new.session_id
  );
  return new;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_site() IS 'Notes the site of the agent who becomes a member of a queue.';

CREATE FUNCTION peerage.queue_login_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if tg_op = 'INSERT' then
    new.changed_at := new.began_at;
  end if;
  if tg_op = 'INSERT' or new.member_name <> old.member_name or new.told_name <> old.told_name then
    new.told_name := peerage.wire(peerage.to_bytes(new.member_name));
  end if;
  if new.rests_until is null then
    new.told_paused := new.paused;
    new.told_reason := case
      when octet_length(new.reason_paused) = char_length(new.reason_paused) then peerage.wire(new.reason_paused)
      else peerage.wire(peerage.to_bytes(new.reason_paused))
    end;
  else
    new.told_paused := '1';
    new.told_reason := case
      when new.paused = '0' then 'wrap-up'
      else peerage.wire(peerage.to_bytes(new.reason_paused))
    end;
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.queue_login_told() IS 'Makes of a member what app_queue reads: name and reason as bytes and coded, and a pause while the agent still rests after a call. Runs last, by its name.';

CREATE FUNCTION peerage.queue_option_rule(kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN CASE kind WHEN 'number'::text THEN 'a whole number from 0 to 999999'::text WHEN 'yes_no'::text THEN 'yes or no'::text WHEN 'holdtime'::text THEN 'yes, no or once'::text WHEN 'position'::text THEN 'yes, no, limit or more'::text WHEN 'rounding'::text THEN '0, 5, 10, 15, 20 or 30'::text WHEN 'priority'::text THEN 'app or conf'::text WHEN 'text'::text THEN '1 to 128 characters, no control characters'::text ELSE 'the name of an option of app_queue that has no field of its own, as queues.conf has it, with `_` in place of `-`'::text END;

COMMENT ON FUNCTION peerage.queue_option_rule(kind text) IS 'What a value of this kind may be, in words.';

CREATE FUNCTION peerage.queue_renamed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.queue_login
  set
    queue_name = new.name,
    uniqueid = default
  where queue_id = new.id;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.queue_renamed() IS 'Members go with a queue that gets another name, as new ones.';

CREATE FUNCTION peerage.unwire(stored text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(stored, '^3B'::text, ';'::text), '^5E'::text, '^'::text);

COMMENT ON FUNCTION peerage.unwire(stored text) IS 'The text behind a realtime column that Asterisk wrote: the inverse of peerage.wire.';

CREATE FUNCTION peerage.read_line(written text, bytes integer) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(regexp_replace(CASE WHEN ((octet_length(written) = char_length(written)) AND (octet_length(written) <= bytes)) THEN peerage.unwire(written) ELSE peerage.cut(peerage.from_bytes(peerage.received(peerage.unwire(written))), bytes) END, '[\u0001-\u001f\u007f]'::text, ' '::text, 'g'::text), ''::text);

COMMENT ON FUNCTION peerage.read_line(written text, bytes integer) IS 'A text of the queue log as people read it: decoded, a blank for each control character, and at most so many bytes of it; null for none.';

CREATE FUNCTION peerage.refuse_contact(wrong text, written text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.refuse(
    'sip_contact',
    'sip_contact_' || wrong || '_check',
    case
      when wrong in ('aor', 'disabled') then 'id'
      else wrong
    end,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'aor' then 'there is no account of that number'
      when 'disabled' then 'the account is disabled'
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

COMMENT ON FUNCTION peerage.refuse_contact(wrong text, written text) IS 'Refuses a contact for what is wrong with it: a column, `aor` (no such account) or `disabled`; in words that show no more of it than fits a line.';

CREATE FUNCTION peerage.refuse_contact_at_node(uri text, path text, outbound_proxy text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
declare
  host text;
  there inet;
begin
  -- Both send a request elsewhere than the host says (RFC 3261 sections 19.1.1 and 19.1.5). No phone codes the name of a parameter.
  if concat_ws(' ', uri, path, outbound_proxy) ~* '\^3b[^=^ ]*(maddr|%)' or uri like '%?%' then
    perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', uri, 'a SIP URI without maddr and without headers');
  end if;
  for host in
    -- A comma may stand in a user part, or between two URIs: whatever either reading takes for a host counts.
    select lower(part[1])
    from (
      values
        ('sips?:(?:[^@<>, ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)'),
        ('sips?:(?:[^@<> ]*@)?(\[[^]]*\]|[^]:@[^?;>, ]+)')
    ) as reading (pattern)
      cross join lateral regexp_matches(concat_ws(' ', uri, path, outbound_proxy), reading.pattern, 'gi') as part
  loop
    there := peerage.contact_address(host);
    -- The system's inet_aton(3), which PJSIP asks, takes 127.1, 0x7f000001 and 2130706433 for addresses, too. A zone (%lo) says which
    -- of its own interfaces Asterisk is to use.
    if host ~ '^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?$' and there is null or host like '%\%%' then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_address', 'uri', uri, 'an address of four decimal numbers');
    end if;
    -- To the unspecified address, and to groups of which each host is a member, the system sends as to itself.
    if there <<= any ('{0.0.0.0/8,224.0.0.0/4,::/128,ff00::/8}'::inet[])
      or exists (
        select
        from peerage.node_address as own
        where own.address >>= there
      )
    then
      perform peerage.refuse('sip_contact', 'sip_contact_uri_at_node', 'uri', uri, 'not at the address of a node: Asterisk would send its requests to itself');
    end if;
  end loop;
end
$_$;

COMMENT ON FUNCTION peerage.refuse_contact_at_node(uri text, path text, outbound_proxy text) IS 'Refuses a contact at the address of a node, and one whose address is written so that it hides which it is.';

CREATE FUNCTION peerage.refuse_delete() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('rows of %s cannot be deleted: they are what is locked', tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

COMMENT ON FUNCTION peerage.refuse_delete() IS 'Refuses DELETE of a table whose rows are there to be locked.';

CREATE FUNCTION peerage.refuse_new_id() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.refuse(tg_table_name, tg_table_name || '_id_check', 'id', new.id::text, 'an id stays as it is: other tables refer to it');
  return new;
end
$$;

COMMENT ON FUNCTION peerage.refuse_new_id() IS 'Refuses another id (`set id = default`) to a row that others refer to without a foreign key.';

CREATE FUNCTION peerage.refuse_null() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception using
    errcode = 'not_null_violation',
    message = format('a required column of %s is null', tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

COMMENT ON FUNCTION peerage.refuse_null() IS 'Refuses nulls in words that show no value: PostgreSQL''s own message prints the row, and some rows hold digests. Called by triggers whose condition has found a null.';

CREATE FUNCTION peerage.refuse_number(of_site bigint, constraint_name text, field text, number text) RETURNS boolean
    LANGUAGE plpgsql PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  home record;
begin
  select
    site.name,
    site.outside_numbers as patterns,
    country.name as country
  into home
  from peerage.site as site
    left join peerage.country as country on country.code = site.country
  where site.id = of_site;
  return peerage.refuse(
    'agent',
    constraint_name,
    field,
    number,
    case
      when home.patterns is not null then format('site %s allows numbers of accounts, and outside numbers like %s', home.name, array_to_string(home.patterns, ', '))
      when home.country is not null then format('site %s allows numbers of accounts, and fixed-line and mobile numbers of %s', home.name, home.country)
      else format('site %s allows no outside numbers; set its country or its outside numbers', home.name)
    end
  );
end
$$;

COMMENT ON FUNCTION peerage.refuse_number(of_site bigint, constraint_name text, field text, number text) IS 'Refuses a phone or mobile, and says what the site allows.';

CREATE FUNCTION peerage.refuse_peer(wrong text, written text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.refuse(
    'sip_peer',
    'sip_peer_' || wrong || '_check',
    wrong,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'fullcontact' then 'at most 1000 bytes, no control characters'
      when 'defaultuser' then 'at most 500 bytes, no control characters'
      when 'path' then 'at most 2000 bytes, no control characters'
      when 'ipaddr' then 'an IP address'
      else 'a port'
    end
  );
end
$$;

COMMENT ON FUNCTION peerage.refuse_peer(wrong text, written text) IS 'Refuses what chan_sip cannot have written in this column, in words that show no more of it than fits a line.';

CREATE FUNCTION peerage.refuse_queue_options(options jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  wrong record;
begin
  if jsonb_typeof(options) <> 'object' then
    perform peerage.refuse('queue', 'queue_options_check', 'options', left(options::text, 80), 'an object of app_queue''s options');
  end if;
  select
    option.key as name,
    option.value #>> '{}' as value
  into wrong
  from jsonb_each(options) as option
  where jsonb_typeof(option.value) <> 'string'
    or not peerage.is_queue_option(option.key, option.value #>> '{}')
  order by option.key
  limit 1;
  if found then
    perform peerage.refuse(
      'queue',
      'queue_options_check',
      'options',
      left(wrong.name || '=' || coalesce(wrong.value, ''), 200),
      peerage.queue_option_rule(peerage.queue_option_kind(wrong.name))
    );
  end if;
  return true;
end
$$;

COMMENT ON FUNCTION peerage.refuse_queue_options(options jsonb) IS 'Refuses the first option that is none of app_queue''s, or whose value app_queue does not take; true when there is none.';

CREATE FUNCTION peerage.refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('%s cannot be truncated: triggers that keep other tables in step would not run', tg_table_name),
    hint = format('delete from %I.%I', tg_table_schema, tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

COMMENT ON FUNCTION peerage.refuse_truncate() IS 'Refuses TRUNCATE of a table whose rows other tables follow.';

CREATE FUNCTION peerage.transport_of(uri text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE("substring"(split_part(lower((uri COLLATE "C")), '^3btransport='::text, 2), '^[a-z]+'::text), CASE WHEN (uri ~~ 'sips:%'::text) THEN 'tls'::text ELSE 'udp'::text END);

COMMENT ON FUNCTION peerage.transport_of(uri text) IS 'The transport that a contact URI (as written, with `;` coded) asks for; without a parameter it is UDP, or TLS for sips (RFC 3261 section 19.1.2).';

CREATE FUNCTION peerage.registered_transport(fullcontact text, transports text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((fullcontact IS NOT NULL) AND (peerage.transport_of(fullcontact) = ANY (string_to_array(transports, ','::text)))) THEN array_to_string((peerage.transport_of(fullcontact) || array_remove(string_to_array(transports, ','::text), peerage.transport_of(fullcontact))), ','::text) ELSE NULL::text END;

COMMENT ON FUNCTION peerage.registered_transport(fullcontact text, transports text) IS 'Transports in order, with the one of a contact URI in front; null without a contact, or when its transport is not listed.';

CREATE FUNCTION peerage.report_devices(of_node text, by_service text, by_epoch bigint, devices text[], words text[], missing text[], is_all boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  target bigint;
begin
  select lease.node_id
  into target
  from peerage.node_lease as lease
    join peerage.node as node on node.id = lease.node_id
  where node.name = of_node
    and lease.service = by_service
    and lease.epoch = by_epoch
    and lease.expires_at > clock_timestamp();
  if not found then
    return false;
  end if;

  insert into peerage.node_device as known (node_id, device, says)
  select
    target,
    said.device,
    said.word
  from unnest(devices, words) as said (device, word)
  on conflict on constraint node_device_node_id_device_pk do update
  set
    says = excluded.says,
    changed_at = clock_timestamp()
  where known.says <> excluded.says;

  if is_all then
    delete from peerage.node_device as known
    where known.node_id = target
      and known.device <> all (devices);
  end if;

  if missing is not null then
    insert into peerage.node_report as known (node_id, epoch, missing_modules)
    values (target, by_epoch, missing)
    on conflict on constraint node_report_node_id_pk do update
    set
      epoch = excluded.epoch,
      missing_modules = excluded.missing_modules,
      changed_at = case
        when known.missing_modules = excluded.missing_modules then known.changed_at
        else clock_timestamp()
      end
    where known.epoch <> excluded.epoch
      or known.missing_modules <> excluded.missing_modules;
  end if;
  return true;
end
$$;

COMMENT ON FUNCTION peerage.report_devices(of_node text, by_service text, by_epoch bigint, devices text[], words text[], missing text[], is_all boolean) IS 'Keeps what a node says of these devices, of all it knows when is_all is true, and the modules it lacks unless missing is null. Changes nothing and returns false unless the service leads the node.';

CREATE FUNCTION peerage.see_calls(of_node text, by_service text, by_epoch bigint, numbers text[], states text[], sinces timestamp with time zone[], ends timestamp with time zone[], whole boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  known_node constant bigint := (
    select node.id
    from peerage.node as node
      join peerage.node_lease as lease on lease.node_id = node.id
    where node.name = of_node
      and lease.service = by_service
      and lease.epoch = by_epoch
      and lease.expires_at > clock_timestamp()
  );
begin
  if known_node is null then
    return false;
  end if;
  insert into peerage.agent_call as call (agent_id, node_id, state, since, ended_at)
  select
    agent.id,
    known_node,
    seen.state,
    seen.since,
    seen.ended_at
  from unnest(numbers, states, sinces, ends) as seen (number, state, since, ended_at)
    join peerage.agent as agent on agent.number = seen.number and agent.removed_at is null
  order by agent.id
  on conflict on constraint agent_call_agent_id_node_id_pk do update
  set
    state = excluded.state,
    since = excluded.since,
    ended_at = greatest(call.ended_at, excluded.ended_at);

  if whole then
    update peerage.agent_call as call
    set
      state = null,
      since = null,
      ended_at = greatest(call.ended_at, case when call.state = 'on_call' then clock_timestamp() end)
    where call.node_id = known_node
      and call.state is not null
      and call.agent_id not in (
        select agent.id
        from peerage.agent as agent
        where agent.number = any (numbers)
          and agent.removed_at is null
      );
  end if;
  return true;
end
$$;

COMMENT ON FUNCTION peerage.see_calls(of_node text, by_service text, by_epoch bigint, numbers text[], states text[], sinces timestamp with time zone[], ends timestamp with time zone[], whole boolean) IS 'Keeps what the service that leads a node sees of calls there: of each number the state, since when, and when the last call ended. Whole: whoever is not named has no call there. Returns whether it leads the node. Numbers of no agent are left out.';

CREATE FUNCTION peerage.sent(plain text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN CASE WHEN ((octet_length(plain) = char_length(plain)) OR (pg_client_encoding() <> 'LATIN1'::name)) THEN plain ELSE peerage.to_bytes(plain) END;

COMMENT ON FUNCTION peerage.sent(plain text) IS 'A text for the client that asks: for a node such that its UTF-8 goes over the line, for others as it is.';

CREATE FUNCTION peerage.serve(changed text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
  delete from peerage.pjsip_endpoint as served
  where served.number = any (changed);

  delete from peerage.pjsip_auth as served
  where served.number = any (changed);

  delete from peerage.pjsip_aor as served
  where served.number = any (changed);

  delete from peerage.pjsip_identify as served
  where served.number = any (changed);

  -- A peer that stays keeps its registration, unless its host is another one now.
  delete from peerage.sip_peer as served
  where served.number = any (changed)
    and not exists (
      select
      from peerage.sip_peer_mapping as mapping
      where mapping.number = served.number
        and mapping.host = served.host
    );

  perform peerage.serve_new(changed);
end
$$;

COMMENT ON FUNCTION peerage.serve(changed text[]) IS 'Makes what Asterisk is told of these numbers what the accounts say now; numbers that are no accounts are told of no more.';

CREATE FUNCTION peerage.serve_all() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    union
    select served.number
    from peerage.pjsip_endpoint as served
    union
    select served.number
    from peerage.pjsip_auth as served
    union
    select served.number
    from peerage.pjsip_aor as served
    union
    select served.number
    from peerage.pjsip_identify as served
    union
    select served.number
    from peerage.sip_peer as served
  ));
end
$$;

COMMENT ON FUNCTION peerage.serve_all() IS 'Serves every account anew: for a migration that changed a mapping.';

CREATE FUNCTION peerage.serve_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    -- Without a secret there is nothing to serve, and most accounts get theirs later. Asked row by row, because a join
    -- would read all secrets for each batch of a long import; and planned each time, because a plan made while the tables
    -- were empty would be kept, and read them whole for each row.
    execute '
      select array(
        select changed.number
        from new_rows as changed
        where (select true from peerage.sip_secret as secret where secret.id = changed.id)
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(select changed.number from old_rows as changed));
  else
    perform peerage.serve(array(
      select changed.number
      from old_rows as changed
      union
      select changed.number
      from new_rows as changed
    ));
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.serve_changed() IS 'Serves the accounts that a statement changed.';

CREATE FUNCTION peerage.serve_new(added text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
  insert into peerage.pjsip_endpoint (
    number,
    transport,
    aors,
    context,
    allow,
    identify_by,
    force_rport,
    rewrite_contact,
    rtp_symmetric,
    webrtc,
    media_encryption,
    callerid,
    call_group,
    pickup_group,
    named_call_group,
    named_pickup_group,
    set_var,
    deny,
    permit,
    site_id
  )
  select
    mapping.number,
    mapping.transport,
    mapping.aors,
    mapping.context,
    mapping.allow,
    mapping.identify_by,
    mapping.force_rport,
    mapping.rewrite_contact,
    mapping.rtp_symmetric,
    mapping.webrtc,
    mapping.media_encryption,
    mapping.callerid,
    mapping.call_group,
    mapping.pickup_group,
    mapping.named_call_group,
    mapping.named_pickup_group,
    mapping.set_var,
    mapping.deny,
    mapping.permit,
    mapping.site_id
  from peerage.pjsip_endpoint_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_auth (
    number,
    md5_cred,
    realm,
    password_digest,
    supported_algorithms_uas,
    site_id
  )
  select
    mapping.number,
    mapping.md5_cred,
    mapping.realm,
    mapping.password_digest,
    mapping.supported_algorithms_uas,
    mapping.site_id
  from peerage.pjsip_auth_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_aor (
    number,
    max_contacts,
    remove_existing,
    qualify_frequency,
    contact,
    site_id
  )
  select
    mapping.number,
    mapping.max_contacts,
    mapping.remove_existing,
    mapping.qualify_frequency,
    mapping.contact,
    mapping.site_id
  from peerage.pjsip_aor_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_identify (
    number,
    match,
    site_id
  )
  select
    mapping.number,
    mapping.match,
    mapping.site_id
  from peerage.pjsip_identify_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.sip_peer as known (
    number,
    host,
    type,
    md5secret,
    context,
    transport,
    nat,
    insecure,
    deny,
    permit,
    allow,
    videosupport,
    encryption,
    callerid,
    callgroup,
    pickupgroup,
    namedcallgroup,
    namedpickupgroup,
    setvar,
    qualify,
    qualifyfreq,
    websocket,
    dtlsverify,
    dtlssetup,
    dtlsautogeneratecert,
    defaultuser,
    site_id
  )
  select
    mapping.number,
    mapping.host,
    mapping.type,
    mapping.md5secret,
    mapping.context,
    mapping.transport,
    mapping.nat,
    mapping.insecure,
    mapping.deny,
    mapping.permit,
    mapping.allow,
    mapping.videosupport,
    mapping.encryption,
    mapping.callerid,
    mapping.callgroup,
    mapping.pickupgroup,
    mapping.namedcallgroup,
    mapping.namedpickupgroup,
    mapping.setvar,
    mapping.qualify,
    mapping.qualifyfreq,
    mapping.websocket,
    mapping.dtlsverify,
    mapping.dtlssetup,
    mapping.dtlsautogeneratecert,
    mapping.defaultuser,
    mapping.site_id
  from peerage.sip_peer_mapping as mapping
  where mapping.number = any (added)
  on conflict (number) do update
  set
    host = excluded.host,
    type = excluded.type,
    md5secret = excluded.md5secret,
    context = excluded.context,
    transport = excluded.transport,
    nat = excluded.nat,
    insecure = excluded.insecure,
    deny = excluded.deny,
    permit = excluded.permit,
    allow = excluded.allow,
    videosupport = excluded.videosupport,
    encryption = excluded.encryption,
    callerid = excluded.callerid,
    callgroup = excluded.callgroup,
    pickupgroup = excluded.pickupgroup,
    namedcallgroup = excluded.namedcallgroup,
    namedpickupgroup = excluded.namedpickupgroup,
    setvar = excluded.setvar,
    qualify = excluded.qualify,
    qualifyfreq = excluded.qualifyfreq,
    websocket = excluded.websocket,
    site_id = excluded.site_id,
    dtlsverify = excluded.dtlsverify,
    dtlssetup = excluded.dtlssetup,
    dtlsautogeneratecert = excluded.dtlsautogeneratecert,
    defaultuser = case
      when known.fullcontact is null then excluded.defaultuser
      else known.defaultuser
    end,
    registered_transport = peerage.registered_transport(known.fullcontact, excluded.transport);
end
$$;

COMMENT ON FUNCTION peerage.serve_new(added text[]) IS 'Tells Asterisk of these numbers, of which it has been told nothing yet, a registered chan_sip peer excepted; those that are no accounts, or have no secret, are passed over.';

CREATE FUNCTION peerage.serve_secrets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    execute '
      select array(
        select (select account.number from peerage.sip_account as account where account.id = changed.id)
        from new_rows as changed
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from old_rows as changed
    ));
  else
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from (
        select old_row.id
        from old_rows as old_row
        union
        select new_row.id
        from new_rows as new_row
      ) as changed
    ));
  end if;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.serve_secrets() IS 'Serves the accounts whose secrets a statement changed.';

CREATE FUNCTION peerage.serve_site() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    where account.site_id = new.id
  ));
  return null;
end
$$;

COMMENT ON FUNCTION peerage.serve_site() IS 'Serves the accounts of a site that changed what its nodes are told.';

CREATE FUNCTION peerage.session_is_whole() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.check_session(new.id);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.session_is_whole() IS 'Checks a session when the transaction ends.';

CREATE FUNCTION peerage.session_is_whole_still() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.check_session(coalesce(new.session_id, old.session_id));
  return null;
end
$$;

COMMENT ON FUNCTION peerage.session_is_whole_still() IS 'Checks the session of a row that hangs on one when the transaction ends.';

CREATE FUNCTION peerage.settle(wanted bigint, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  of_all peerage.agent_pause;
  new_state text;
  new_reason text;
begin
  select *
  into of_all
  from peerage.agent_pause
  where session_id = wanted
    and queue_id is null
    and ended_at is null;

  -- What app_queue reads: the pause of the one queue, being the later word, else the pause of all.
  update peerage.queue_login as login
  set
    paused = effective.paused,
    reason_paused = effective.reason,
    changed_at = at
  from (
    select
      member.uniqueid,
      case
        when of_one.id is not null or of_all.id is not null then '1'
        else '0'
      end as paused,
      case
        when of_one.id is not null then of_one.reason
        else of_all.reason
      end as reason
    from peerage.queue_login as member
      left join peerage.agent_pause as of_one on of_one.session_id = member.session_id
        and of_one.queue_id = member.queue_id
        and of_one.ended_at is null
    where member.session_id = wanted
  ) as effective
  where login.uniqueid = effective.uniqueid
    and (
      login.paused <> effective.paused
      or login.reason_paused is distinct from effective.reason
    );

  if of_all.id is not null then
    new_state := 'paused';
    new_reason := of_all.reason;
  else
    select
      case
        when count(*) filter (where login.paused = '1') = 0 then 'available'
        when count(*) filter (where login.paused = '0') > 0 then 'partly_paused'
        else 'paused'
      end,
      case
        when count(*) filter (where login.paused = '0') = 0
          and min(coalesce(login.reason_paused, '')) = max(coalesce(login.reason_paused, ''))
          then min(login.reason_paused)
      end
    into
      new_state,
      new_reason
    from peerage.queue_login as login
    where login.session_id = wanted;
  end if;

  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null
    and (state <> new_state or reason is distinct from new_reason);
  if not found
    and exists (
      select
      from peerage.agent_state
      where session_id = wanted
        and ended_at is null
    )
  then
    return;
  end if;
  insert into peerage.agent_state (session_id, state, reason, began_at)
  values (wanted, new_state, new_reason, at);
end
$$;

COMMENT ON FUNCTION peerage.settle(wanted bigint, at timestamp with time zone) IS 'Makes the memberships and the timeline of a session what its pauses say. The agent must be locked.';

CREATE FUNCTION peerage.sign_in_delay(lane text, failures integer) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT CASE WHEN (sign_in_delay.failures >= allowance.free) THEN make_interval(secs => (LEAST(((60)::numeric * (2.0 ^ (LEAST((sign_in_delay.failures - allowance.free), 6))::numeric)), (3600)::numeric))::double precision) ELSE NULL::interval END AS "case" FROM (SELECT CASE sign_in_delay.lane WHEN 'address'::text THEN 50 ELSE 5 END AS "case") allowance(free));

COMMENT ON FUNCTION peerage.sign_in_delay(lane text, failures integer) IS 'How long a lane waits after so many failures: five are free, fifty for an address; then a minute, doubled each time, up to an hour. Null for not at all.';

CREATE FUNCTION peerage.sign_in_memory(lane text) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE lane WHEN 'address'::text THEN '01:00:00'::interval ELSE '1 day'::interval END;

COMMENT ON FUNCTION peerage.sign_in_memory(lane text) IS 'How long after the last one the failures of a lane are forgotten.';

CREATE FUNCTION peerage.sip_account_contacts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  delete from peerage.sip_contact as contact
  using old_rows as account
  where contact.id >= account.number || '^3B@'
    and contact.id < account.number || '^3BA';
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_contacts() IS 'Removes the contacts of removed accounts.';

CREATE FUNCTION peerage.sip_account_ends_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  own bigint[] := array(
    select id
    from peerage.agent
    where number = old.number
  );
  interfaces text[] := array['PJSIP/' || old.number, 'SIP/' || old.number];
  ending record;
  at timestamptz;
begin
  for ending in
    select
      session.id,
      session.agent_id
    from peerage.agent_session as session
    where session.ended_at is null
      and (
        session.agent_id = any (own)
        or session.interface = any (interfaces)
      )
    order by session.agent_id
  loop
    at := peerage.lock_agent(ending.agent_id);
    -- It may have moved elsewhere while we waited for the lock.
    continue when ending.agent_id <> all (own) and not exists (
      select
      from peerage.agent_session as session
      where session.id = ending.id
        and session.interface = any (interfaces)
    );
    perform peerage.end_session(
      ending.id,
      case
        when tg_op = 'DELETE' then 'removed'
        else 'admin'
      end,
      case
        when tg_op = 'DELETE' then 'the account was removed'
        else 'the account was disabled'
      end,
      peerage.actor(),
      at
    );
  end loop;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_ends_sessions() IS 'Ends the session of an agent whose account is disabled or removed, and the one whose calls ring on it.';

CREATE FUNCTION peerage.sip_account_is_at_work() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  own bigint := (select id from peerage.agent where account_id = old.id);
  who text;
begin
  select session.agent_number
  into who
  from peerage.agent_session as session
  where session.ended_at is null
    and (
      session.agent_id = own
      or session.interface in ('PJSIP/' || old.number, 'SIP/' || old.number)
    )
  order by session.agent_number
  limit 1;
  if found then
    perform peerage.refuse(
      'sip_account',
      'sip_account_number_at_work_check',
      'number',
      new.number,
      format('agent %s is logged in, and would lose calls; log out first', who)
    );
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_is_at_work() IS 'Refuses another number to an agent at work, and to an account on which calls ring.';

CREATE FUNCTION peerage.sip_account_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  -- Whoever binds a contact at this moment has finished, or sees the new site (sip_contact_written).
  perform
  from peerage.contact_lock as lock
  where lock.slot = (hashtext(new.number) & 1023)
  for no key update;

  update peerage.sip_contact
  set site_id = new.site_id
  where id >= new.number || '^3B@'
    and id < new.number || '^3BA';

  update peerage.queue_login as login
  set site_id = new.site_id
  from peerage.agent_session as session
    join peerage.agent as agent on agent.id = session.agent_id
  where login.session_id = session.id
    and session.ended_at is null
    and agent.account_id = new.id;
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_moved() IS 'Moves the contacts and queue memberships of an account along with it to another site.';

CREATE FUNCTION peerage.sip_account_renumbered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  delete from peerage.sip_contact
  where id >= old.number || '^3B@'
    and id < old.number || '^3BA';
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_renumbered() IS 'Drops what was registered under the old number: nobody is reachable there any more.';

CREATE FUNCTION peerage.sip_account_transports_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update peerage.sip_contact as contact
  set transport_listed = peerage.transport_of(contact.uri) = any (new.transports)
    or (peerage.transport_of(contact.uri) = 'ws' and 'wss' = any (new.transports))
  where contact.id >= new.number || '^3B@'
    and contact.id < new.number || '^3BA';
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_transports_changed() IS 'Judges its contacts anew when an account lists other transports.';

CREATE FUNCTION peerage.sip_account_unregisters() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.drop_registrations(new.number);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_account_unregisters() IS 'Ends the registrations of an account that is disabled, or whose secret is another.';

CREATE FUNCTION peerage.sip_contact_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
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
$_$;

COMMENT ON FUNCTION peerage.sip_contact_written() IS 'Checks a contact, and refuses what PJSIP cannot have written; adds its account, the node that wrote it and when, whether the account lists its transport, and the texts decoded for people. A contact with the same id is replaced.';

CREATE FUNCTION peerage.sip_peer_defaultuser() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  new.defaultuser := peerage.received(new.defaultuser);
  if octet_length(new.defaultuser) > 500 or new.defaultuser ~ '[\u0001-\u001f\u007f]' then
    perform peerage.refuse_peer('defaultuser', new.defaultuser);
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION peerage.sip_peer_defaultuser() IS 'Bounds whom a call to a peer asks for.';

CREATE FUNCTION peerage.sip_peer_renumbered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  delete from peerage.sip_peer
  where number in (old.number, new.number);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.sip_peer_renumbered() IS 'Drops what was registered under the old number; the account is served anew after it.';

CREATE FUNCTION peerage.sip_peer_written() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  whole text;
  wrong text;
  written text;
  by_node text;
begin
  -- As a rule a telephone says the same again.
  if (new.ipaddr, new.port, new.fullcontact, new.useragent, new.regserver, new.path, new.lastms)
    is distinct from (old.ipaddr, old.port, old.fullcontact, old.useragent, old.regserver, old.path, old.lastms)
  then
    whole := concat_ws('', new.fullcontact, new.path, new.useragent, new.regserver, new.lastms);
    if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole ~ '[\u0001-\u001f\u007f]' then
      new.fullcontact := peerage.received(new.fullcontact);
      new.path := peerage.received(new.path);
      -- These are only shown.
      new.useragent := peerage.only_shown(new.useragent);
      new.regserver := peerage.only_shown(new.regserver);
    end if;
    if new.lastms !~ '^(-?[0-9]{1,9})?$' then
      -- A number that cannot be is not worth a registration.
      new.lastms := '0';
    end if;
    wrong := case
      when octet_length(new.fullcontact) > 1000 or new.fullcontact ~ '[\u0001-\u001f\u007f]' then 'fullcontact'
      when new.path <> '' and (octet_length(new.path) > 2000 or new.path ~ '[\u0001-\u001f\u007f]') then 'path'
      when new.ipaddr <> '' and (new.ipaddr !~ '^[0-9A-Fa-f:.]{1,45}(%[0-9A-Za-z]{1,15})?$' or not peerage.is_address(regexp_replace(split_part(new.ipaddr, '%', 1), '^::ffff:', ''))) then 'ipaddr'
      when not peerage.is_port(new.port) then 'port'
    end;
    if wrong is not null then
      execute format('select ($1).%I', wrong)
      into written
      using new;
      perform peerage.refuse_peer(wrong, written);
    end if;
    new.contact_uri := peerage.from_bytes(peerage.unwire(new.fullcontact));
    new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.useragent)), '');
  end if;

  select
    case
      -- Who sets written_at has a right to the table, and speaks for the node that stands there.
      when new.written_at is distinct from old.written_at then old.node
      else coalesce(
        (
          select node.name
          from peerage.node as node
          where node.login = session_user::text
        ),
        session_user
      )
    end,
    -- More than chan_sip lets a registration last, unless maxexpiry of sip.conf says so. What is no number becomes what
    -- chan_sip gives a telephone that asks for nothing.
    case
      when new.regseconds ~ '^[0-9]{1,10}$' then least(new.regseconds::bigint, latest)::text
      when new.regseconds ~ '^[0-9]+$' then latest::text
      when new.regseconds <> '' then (latest - 604800 + 120)::text
    end
  into
    by_node,
    new.regseconds
  from extract(epoch from clock_timestamp()::timestamptz(0)) as second,
    lateral (select second::bigint + 604800 as latest) as bound;

  if coalesce(new.fullcontact, '') = '' and coalesce(new.regseconds, '0') = '0' then
    -- A node whose memory is out of date (the phone has since registered at another one) would clear a live
    -- registration.
    if old.expires_at > clock_timestamp() and old.node <> by_node then
      return old;
    end if;
    new.ipaddr := null;
    new.port := null;
    new.regseconds := null;
    new.defaultuser := new.number;
    new.fullcontact := null;
    new.regserver := null;
    new.useragent := null;
    new.path := null;
    new.registered_transport := null;
    new.registered_at := null;
    new.contact_uri := null;
    new.agent_name := null;
  elsif old.fullcontact is distinct from new.fullcontact then
    new.registered_transport := peerage.registered_transport(new.fullcontact, new.transport);
    if old.fullcontact is null then
      new.registered_at := clock_timestamp();
    end if;
  end if;
  select
    by_node,
    clock_timestamp(),
    case
      when new.regseconds <> '0' then to_timestamp(new.regseconds::double precision)
    end
  into
    new.node,
    new.written_at,
    new.expires_at;
  return new;
end
$_$;

COMMENT ON FUNCTION peerage.sip_peer_written() IS 'Bounds and completes what chan_sip writes of a registration; a clear by another node than the one that registered is ignored while the registration lives.';

CREATE FUNCTION peerage.stop_leading(by_service text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select
  from peerage.node_lease as lease
  order by lease.node_id
  for no key update;

  delete from peerage.node_service
  where service = by_service;

  update peerage.node_lease
  set
    service = null,
    service_name = null,
    expires_at = clock_timestamp()
  where service = by_service;
$$;

COMMENT ON FUNCTION peerage.stop_leading(by_service text) IS 'Gives all leases of a service back: it gives no orders any more.';

CREATE FUNCTION peerage.tell(channel text, numbers text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  setting constant text := 'peerage.told_' || channel;
  told text := current_setting(setting, true);
  payload text := coalesce(array_to_string(numbers, ' '), '');
begin
  -- Nothing to tell, or all is told already.
  if payload = '' or told = '*' then
    return;
  end if;
  -- Counted through the transaction: a loop over all agents tells of them one by one.
  if cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer > 200 or octet_length(payload) > 7000 then
    payload := '*';
    perform set_config(setting, '*', true);
  else
    perform set_config(setting, (cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer)::text, true);
  end if;
  perform pg_notify(channel, payload);
end
$$;

COMMENT ON FUNCTION peerage.tell(channel text, numbers text[]) IS 'Notifies a channel of numbers. The payload is the numbers with blanks between, or `*` for more than 200 in one transaction.';

CREATE FUNCTION peerage.tell_devices() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  devices text[];
begin
  if tg_op = 'INSERT' then
    devices := array(select changed.device from new_rows as changed limit 201);
  elsif tg_op = 'DELETE' then
    devices := array(select changed.device from old_rows as changed limit 201);
  else
    devices := array(
      select changed.device
      from new_rows as changed
        join old_rows as before on before.node_id = changed.node_id and before.device = changed.device
      where before.says <> changed.says
      limit 201
    );
  end if;
  perform peerage.tell(
    'peerage_registrations',
    array(
      select split_part(device, '/', 2)
      from unnest(devices) as device
      union
      select session.agent_number
      from peerage.agent_session as session
      where session.ended_at is null
        and session.interface = any (devices)
    )
  );
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_devices() IS 'Notifies channel peerage_registrations of the accounts whose device states a statement changed, and of the agents whose calls ring there.';

CREATE FUNCTION peerage.tell_member() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform peerage.tell(
    'peerage_agents',
    array(
      select session.agent_number
      from peerage.agent_session as session
      where session.id = new.session_id
    )
  );
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_member() IS 'Notifies channel peerage_agents of the agent whose membership is replaced, or changed in more than its pause.';

CREATE FUNCTION peerage.tell_numbers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  channel constant text := tg_argv[0];
  key constant text := tg_argv[1];
  numbers text[];
begin
  if current_setting('peerage.told_' || channel, true) = '*' then
    return null;
  end if;
  -- A row that is as it was is no change. Planned each time, because transition tables are small or large by turns.
  execute format(
    'select array(
      select distinct %s
      from (%s) as changed
      order by 1
      limit 201
    )',
    case key
      when 'agent_id' then '(select agent.number from peerage.agent as agent where agent.id = changed.agent_id)'
      else format('changed.%I', key)
    end,
    case tg_op
      when 'INSERT' then 'table new_rows'
      when 'DELETE' then 'table old_rows'
      else '(table old_rows except table new_rows) union all (table new_rows except table old_rows)'
    end
  )
  into numbers;
  perform peerage.tell(channel, array_remove(numbers, null));
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_numbers() IS 'Notifies of the numbers that a statement changed. Arguments: the channel, and the column that leads to the number (number, agent_number or agent_id).';

CREATE FUNCTION peerage.tell_report() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform pg_notify('peerage_registrations', '*');
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_report() IS 'Notifies channel peerage_registrations that what a node says counts or no longer counts, for all agents.';

CREATE FUNCTION peerage.tell_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  numbers text[];
begin
  if current_setting('peerage.told_peerage_agents', true) = '*' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    numbers := array(
      select distinct session.agent_number
      from new_rows as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  elsif tg_op = 'DELETE' then
    numbers := array(
      select distinct session.agent_number
      from old_rows as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  -- Most updates of a pause that is not there touch no row.
  elsif exists (select from new_rows) then
    numbers := array(
      select distinct session.agent_number
      from ((table old_rows except table new_rows) union all (table new_rows except table old_rows)) as changed
        join peerage.agent_session as session on session.id = changed.session_id
      order by 1
      limit 201
    );
  end if;
  perform peerage.tell('peerage_agents', numbers);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_sessions() IS 'Notifies channel peerage_agents of the agents whose sessions a statement changed something of: memberships, pauses, requests.';

CREATE FUNCTION peerage.tell_table() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  perform pg_notify('peerage_settings', tg_table_name);
  return null;
end
$$;

COMMENT ON FUNCTION peerage.tell_table() IS 'Notifies channel peerage_settings that a table was changed; the payload is its name.';

CREATE FUNCTION peerage.time_of(agents bigint[]) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  return greatest(
    clock_timestamp(),
    (
      select max(
        greatest(
          session.began_at,
          session.ended_at,
          -- States and places follow one another: the last is the latest.
          (
            select greatest(state.began_at, state.ended_at)
            from peerage.agent_state as state
            where state.session_id = session.id
            order by state.began_at desc
            limit 1
          ),
          (
            select greatest(place.began_at, place.ended_at)
            from peerage.agent_place as place
            where place.session_id = session.id
            order by place.began_at desc
            limit 1
          ),
          (
            select max(greatest(pause.began_at, pause.ended_at))
            from peerage.agent_pause as pause
            where pause.session_id = session.id
          )
        )
      )
      from unnest(agents) as agent_id
        cross join lateral (
          select
            last.id,
            last.began_at,
            last.ended_at
          from peerage.agent_session as last
          where last.agent_id = agent_id.agent_id
          order by last.began_at desc
          limit 1
        ) as session
    )
  );
end
$$;

COMMENT ON FUNCTION peerage.time_of(agents bigint[]) IS 'The time for a change of the state of these agents: by the database''s clock, and no earlier than their last change. To be asked after they were locked.';

CREATE FUNCTION peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  of_all peerage.agent_pause;
begin
  select *
  into of_all
  from peerage.agent_pause
  where session_id = wanted
    and queue_id is null
    and ended_at is null;
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null
    and (of_queue is null or queue_id = of_queue or queue_id is null);
  -- The other queues stay paused, for the same reason and since the same moment.
  if of_queue is not null and of_all.id is not null then
    insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
    select
      wanted,
      member.queue_id,
      member.queue_name,
      of_all.reason,
      of_all.reason_id,
      of_all.actor,
      of_all.forced,
      of_all.paused_since,
      at
    from peerage.queue_login as member
    where member.session_id = wanted
      and member.queue_id <> of_queue
      and not exists (
        select
        from peerage.agent_pause as of_one
        where of_one.session_id = wanted
          and of_one.queue_id = member.queue_id
          and of_one.ended_at is null
      );
  end if;
  -- Who takes calls again is not about to leave.
  if exists (
    select
    from peerage.agent_request
    where session_id = wanted
      and ended_at is null
  ) then
    update peerage.agent_request
    set
      ended_at = at,
      outcome = 'withdrawn'
    where session_id = wanted
      and ended_at is null;
  end if;
  perform peerage.settle(wanted, at);
end
$$;

COMMENT ON FUNCTION peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamp with time zone) IS 'Ends the pause of one queue, or every pause when the queue is null, and withdraws a logout that waits for the call. Under a pause of all queues the others keep theirs. The agent must be locked.';

CREATE FUNCTION peerage.wire(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(written, '^'::text, '^5E'::text), ';'::text, '^3B'::text);

COMMENT ON FUNCTION peerage.wire(written text) IS 'A text as it must stand in a realtime column: `;` separates values there and `^` introduces a code (res_config_pgsql.c, ESCAPE_STRING; Asterisk 16 to 23).';

CREATE FUNCTION peerage.wire_callerid(name text, number text, own text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (name IS NOT NULL) THEN (((('"'::text || peerage.wire(replace(replace(name, '\'::text, '\\'::text), '"'::text, '\"'::text))) || '" <'::text) || COALESCE(number, own)) || '>'::text) WHEN (number IS NOT NULL) THEN (('<'::text || number) || '>'::text) ELSE NULL::text END;

COMMENT ON FUNCTION peerage.wire_callerid(name text, number text, own text) IS 'A caller id as Asterisk parses it (main/callerid.c, ast_callerid_parse): the name quoted, its `"` and `\` escaped, and coded for the realtime driver; null for none. A name alone goes with the account''s own number, because PJSIP drops a name without one (res_pjsip_caller_id.c).';

CREATE FUNCTION peerage.wire_variables(chanspy boolean, record text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((('PEERAGE_CHANSPY='::text || CASE WHEN chanspy THEN 'yes'::text ELSE 'no'::text END) || ';PEERAGE_RECORD='::text) || record);

COMMENT ON FUNCTION peerage.wire_variables(chanspy boolean, record text) IS 'What the dialplan knows of an account: PEERAGE_CHANSPY is yes or no, PEERAGE_RECORD is inactive, wav, wav49 or gsm.';

CREATE FUNCTION peerage.writer() RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  who text := session_user::text;
  known text;
begin
  select node.name
  into known
  from peerage.node as node
  where node.login = who;
  return coalesce(known, who);
end
$$;

COMMENT ON FUNCTION peerage.writer() IS 'Which node writes: the one whose login this is, whatever the connection calls itself; of a login that is no node''s, its own name.';

CREATE TABLE peerage.pjsip_aor (
    number text NOT NULL COLLATE pg_catalog."C",
    max_contacts text NOT NULL,
    remove_existing text NOT NULL,
    qualify_frequency text NOT NULL,
    contact text,
    site_id bigint NOT NULL
);

COMMENT ON TABLE peerage.pjsip_aor IS 'What PJSIP is told of an address of record: one row for each account that can be called, has a secret and is not disabled.';

COMMENT ON COLUMN peerage.pjsip_aor.number IS 'Number of the account: the AORs id.';

COMMENT ON COLUMN peerage.pjsip_aor.max_contacts IS 'Most contacts at once; 0 (no registration) for a fixed host.';

COMMENT ON COLUMN peerage.pjsip_aor.remove_existing IS 'yes when it registers: else a phone that comes back from a new port is refused.';

COMMENT ON COLUMN peerage.pjsip_aor.qualify_frequency IS 'Seconds between OPTIONS requests; 0 is off.';

COMMENT ON COLUMN peerage.pjsip_aor.contact IS 'URI of a fixed host, with `;` coded (a raw one makes the AOR vanish); null when it registers. Asterisk cannot open a WebSocket, so the transport is the first of udp, tcp, tls.';

COMMENT ON COLUMN peerage.pjsip_aor.site_id IS 'Site of the account: a node that serves named sites reads the rows of those alone.';

CREATE TABLE peerage.pjsip_auth (
    number text NOT NULL COLLATE pg_catalog."C",
    md5_cred text,
    realm text,
    password_digest text,
    supported_algorithms_uas text,
    site_id bigint NOT NULL
);

COMMENT ON TABLE peerage.pjsip_auth IS 'What PJSIP is told of authentication: one row for each account with a secret that is not disabled.';

COMMENT ON COLUMN peerage.pjsip_auth.number IS 'Number of the account: the auths id.';

COMMENT ON COLUMN peerage.pjsip_auth.md5_cred IS 'MD5 of number:realm:secret.';

COMMENT ON COLUMN peerage.pjsip_auth.realm IS 'Realm the digests were made for.';

COMMENT ON COLUMN peerage.pjsip_auth.password_digest IS 'SHA-256 digest where the site offers it; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_auth.supported_algorithms_uas IS 'Algorithms in order where the site offers SHA-256; null otherwise: one listed without its digest loses the auth.';

COMMENT ON COLUMN peerage.pjsip_auth.site_id IS 'Site of the account: a node that serves named sites reads the rows of those alone.';

CREATE TABLE peerage.pjsip_identify (
    number text NOT NULL COLLATE pg_catalog."C",
    match text NOT NULL,
    site_id bigint NOT NULL
);

COMMENT ON TABLE peerage.pjsip_identify IS 'By which address PJSIP knows an endpoint: fixed hosts only, because it is read whole for every request from outside a dialog.';

COMMENT ON COLUMN peerage.pjsip_identify.number IS 'Number of the account: the identifys id, and its endpoint.';

COMMENT ON COLUMN peerage.pjsip_identify.match IS 'The address; never a name, which Asterisk would look up on each request.';

COMMENT ON COLUMN peerage.pjsip_identify.site_id IS 'Site of the account: a node that serves named sites reads the rows of those alone.';

CREATE TABLE peerage.pjsip_endpoint (
    number text NOT NULL COLLATE pg_catalog."C",
    transport text,
    aors text,
    context text NOT NULL,
    allow text NOT NULL,
    identify_by text NOT NULL,
    force_rport text NOT NULL,
    rewrite_contact text NOT NULL,
    rtp_symmetric text NOT NULL,
    webrtc text NOT NULL,
    media_encryption text NOT NULL,
    callerid text,
    call_group text,
    pickup_group text,
    named_call_group text,
    named_pickup_group text,
    set_var text NOT NULL,
    deny text,
    permit text,
    site_id bigint NOT NULL
);

COMMENT ON TABLE peerage.pjsip_endpoint IS 'What PJSIP is told of an endpoint: one row for each account that has a secret and is not disabled.';

COMMENT ON COLUMN peerage.pjsip_endpoint.number IS 'Number of the account: the endpoints id.';

COMMENT ON COLUMN peerage.pjsip_endpoint.transport IS 'transport-<x> when the account lists one transport; null (follow the contact) when several.';

COMMENT ON COLUMN peerage.pjsip_endpoint.aors IS 'Its AOR; null for type user, which cannot be called or register.';

COMMENT ON COLUMN peerage.pjsip_endpoint.context IS 'Dialplan context.';

COMMENT ON COLUMN peerage.pjsip_endpoint.allow IS 'Codecs in order; with video also h264.';

COMMENT ON COLUMN peerage.pjsip_endpoint.identify_by IS 'How a request is matched: by From user, by address, or either.';

COMMENT ON COLUMN peerage.pjsip_endpoint.force_rport IS 'yes or no (RFC 3581).';

COMMENT ON COLUMN peerage.pjsip_endpoint.rewrite_contact IS 'yes or no: answer to where the REGISTER came from.';

COMMENT ON COLUMN peerage.pjsip_endpoint.rtp_symmetric IS 'yes or no: send media to where media comes from.';

COMMENT ON COLUMN peerage.pjsip_endpoint.webrtc IS 'yes when only WebSocket transports are listed.';

COMMENT ON COLUMN peerage.pjsip_endpoint.media_encryption IS 'no, sdes or dtls.';

COMMENT ON COLUMN peerage.pjsip_endpoint.callerid IS 'Caller id, quoted and coded; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint.call_group IS 'Call groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint.pickup_group IS 'Pickup groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint.named_call_group IS 'Named call groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint.named_pickup_group IS 'Named pickup groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint.set_var IS 'Variables for the dialplan: a list, so its `;` is raw.';

COMMENT ON COLUMN peerage.pjsip_endpoint.deny IS 'Everything when the host is fixed; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_endpoint.permit IS 'The fixed host; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_endpoint.site_id IS 'Site of the account: a node that serves named sites reads the rows of those alone.';

CREATE TABLE peerage.queue_log (
    id bigint NOT NULL,
    "time" timestamp with time zone NOT NULL,
    callid text,
    queuename text,
    agent text,
    event text,
    data1 text,
    data2 text,
    data3 text,
    data4 text,
    data5 text,
    node text DEFAULT ''::text NOT NULL,
    written_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    bad_time text,
    agent_id bigint,
    agent_number text COLLATE pg_catalog."C",
    CONSTRAINT queue_log_time_check CHECK (((node = ''::text) OR (("time" >= (written_at - '31 days'::interval)) AND ("time" <= (written_at + '00:05:00'::interval)))))
);

COMMENT ON TABLE peerage.queue_log IS 'app_queue''s log, as Asterisk writes it, with the login and logoff lines that Peerage adds.';

COMMENT ON COLUMN peerage.queue_log.id IS 'Order of arrival.';

COMMENT ON COLUMN peerage.queue_log."time" IS 'When it happened. Asterisk writes it in UTC (queue_log_realtime_use_gmt).';

COMMENT ON COLUMN peerage.queue_log.callid IS 'Unique id of the call, or NONE, REALTIME, MANAGER.';

COMMENT ON COLUMN peerage.queue_log.queuename IS 'The queue, or NONE.';

COMMENT ON COLUMN peerage.queue_log.agent IS 'Member name as it was then, or NONE.';

COMMENT ON COLUMN peerage.queue_log.event IS 'What happened, such as PAUSE or CONNECT.';

COMMENT ON COLUMN peerage.queue_log.data1 IS 'First parameter of the event.';

COMMENT ON COLUMN peerage.queue_log.data2 IS 'Second parameter of the event.';

COMMENT ON COLUMN peerage.queue_log.data3 IS 'Third parameter of the event.';

COMMENT ON COLUMN peerage.queue_log.data4 IS 'Fourth parameter of the event.';

COMMENT ON COLUMN peerage.queue_log.data5 IS 'Fifth parameter of the event.';

COMMENT ON COLUMN peerage.queue_log.node IS 'The node that wrote it, by its login; empty for Peerage''s own lines.';

COMMENT ON COLUMN peerage.queue_log.written_at IS 'When it arrived.';

COMMENT ON COLUMN peerage.queue_log.bad_time IS 'The time that was written, where it cannot be so (none at all, more than five minutes ahead, too long ago): then the line has the time of its arrival. Null otherwise.';

COMMENT ON COLUMN peerage.queue_log.agent_id IS 'The agent, whatever the name or number later is; null for NONE and for members that are none of Peerage''s.';

COMMENT ON COLUMN peerage.queue_log.agent_number IS 'The agent''s number at that time.';

CREATE TABLE peerage.queue_login (
    queue_name text NOT NULL COLLATE pg_catalog."C",
    interface text NOT NULL COLLATE pg_catalog."C",
    uniqueid text DEFAULT "right"(replace((gen_random_uuid())::text, '-'::text, ''::text), 16) NOT NULL COLLATE pg_catalog."C",
    told_name text NOT NULL,
    state_interface text NOT NULL,
    penalty text DEFAULT '0'::text NOT NULL,
    told_paused text NOT NULL,
    told_reason text,
    ring_in_use text,
    member_name text NOT NULL,
    paused text DEFAULT '0'::text NOT NULL,
    reason_paused text,
    session_id bigint,
    queue_id bigint,
    site_id bigint,
    began_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    rests_until timestamp with time zone,
    CONSTRAINT queue_login_member_name_check CHECK ((octet_length(member_name) <= 79)),
    CONSTRAINT queue_login_paused_check CHECK ((paused = ANY (ARRAY['0'::text, '1'::text]))),
    CONSTRAINT queue_login_penalty_check CHECK (
CASE
    WHEN (penalty ~ '^[0-9]{1,10}$'::text) THEN ((penalty)::bigint <= 2147483647)
    ELSE false
END),
    CONSTRAINT queue_login_reason_paused_check CHECK (((reason_paused IS NULL) OR (paused = '1'::text) OR (session_id IS NULL))),
    CONSTRAINT queue_login_uniqueid_check CHECK (
CASE
    WHEN (uniqueid = 'peerage-probe'::text) THEN (num_nonnulls(session_id, queue_id) = 0)
    ELSE ((octet_length(uniqueid) >= 16) AND (octet_length(uniqueid) <= 36) AND (uniqueid ~ '^[0-9a-f-]+$'::text) AND (num_nulls(session_id, queue_id) = 0))
END)
);

COMMENT ON TABLE peerage.queue_login IS 'Members of queues right now, as app_queue reads them. The key is minted anew for each session, interface, name and queue: app_queue never changes the interface of a member it knows (app_queue.c, rt_handle_member_record).';

COMMENT ON COLUMN peerage.queue_login.queue_name IS 'The queue''s name.';

COMMENT ON COLUMN peerage.queue_login.interface IS 'What app_queue dials.';

COMMENT ON COLUMN peerage.queue_login.uniqueid IS 'Identity of the member for app_queue: 62 random bits, so that none is used again, and no longer, because every look at a queue reads them all.';

COMMENT ON COLUMN peerage.queue_login.told_name IS 'Name as app_queue reads it: the bytes of its UTF-8, coded. Kept by trigger.';

COMMENT ON COLUMN peerage.queue_login.state_interface IS 'Whose device state counts.';

COMMENT ON COLUMN peerage.queue_login.penalty IS 'The assignment''s, or what Asterisk wrote since.';

COMMENT ON COLUMN peerage.queue_login.told_paused IS '0 or 1, as app_queue reads it: 1 besides while the agent rests after a call. Kept by trigger.';

COMMENT ON COLUMN peerage.queue_login.told_reason IS 'Reason as app_queue reads it: the bytes of its UTF-8, coded; wrap-up while the agent rests after a call; null for none. Kept by trigger.';

COMMENT ON COLUMN peerage.queue_login.ring_in_use IS 'What Asterisk wrote (yes, no, 1, 0); null: the queue''s.';

COMMENT ON COLUMN peerage.queue_login.member_name IS 'Name in the queue and its log.';

COMMENT ON COLUMN peerage.queue_login.paused IS '0 or 1, never null: null would mean `as it was`. Kept by trigger from agent_pause.';

COMMENT ON COLUMN peerage.queue_login.reason_paused IS 'Reason as written; null when not paused or none was given. Kept by trigger.';

COMMENT ON COLUMN peerage.queue_login.session_id IS 'The session; null for the probe alone.';

COMMENT ON COLUMN peerage.queue_login.queue_id IS 'The queue; null for the probe alone.';

COMMENT ON COLUMN peerage.queue_login.site_id IS 'The agent''s site; null for the probe, which every node sees. Kept by trigger.';

COMMENT ON COLUMN peerage.queue_login.began_at IS 'When the membership began.';

COMMENT ON COLUMN peerage.queue_login.changed_at IS 'When it began, or its interface or pause was last changed.';

COMMENT ON COLUMN peerage.queue_login.rests_until IS 'End of the rest after a call that an earlier membership of the agent in this queue still had; app_queue reads the member as paused as long as it stands here (peerage.end_rests). Null for none.';

CREATE TABLE peerage.queue_rule (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    after_seconds integer NOT NULL,
    min_penalty text,
    max_penalty text,
    raise_penalty text,
    CONSTRAINT queue_rule_after_seconds_check CHECK (
CASE
    WHEN ((after_seconds >= 0) AND (after_seconds <= 86400)) THEN true
    ELSE peerage.refuse('queue_rule'::text, 'queue_rule_after_seconds_check'::text, 'after_seconds'::text, (after_seconds)::text, '0 to 86400 seconds'::text)
END),
    CONSTRAINT queue_rule_max_penalty_check CHECK (
CASE
    WHEN ((max_penalty IS NULL) OR (max_penalty ~ '^[+-]?[0-9]{1,6}$'::text)) THEN true
    ELSE peerage.refuse('queue_rule'::text, 'queue_rule_max_penalty_check'::text, 'max_penalty'::text, max_penalty, 'a number, or a change such as +1 or -2'::text)
END),
    CONSTRAINT queue_rule_min_penalty_check CHECK (
CASE
    WHEN ((min_penalty IS NULL) OR (min_penalty ~ '^[+-]?[0-9]{1,6}$'::text)) THEN true
    ELSE peerage.refuse('queue_rule'::text, 'queue_rule_min_penalty_check'::text, 'min_penalty'::text, min_penalty, 'a number, or a change such as +1 or -2'::text)
END),
    CONSTRAINT queue_rule_name_check CHECK (
CASE
    WHEN (name ~ '^[0-9A-Za-z_.-]{1,79}$'::text) THEN true
    ELSE peerage.refuse('queue_rule'::text, 'queue_rule_name_check'::text, 'name'::text, name, '1 to 79 letters, digits, `_`, `.` or `-`'::text)
END),
    CONSTRAINT queue_rule_raise_penalty_check CHECK (
CASE
    WHEN ((raise_penalty IS NULL) OR (raise_penalty ~ '^r?[+-]?[0-9]{1,6}$'::text)) THEN true
    ELSE peerage.refuse('queue_rule'::text, 'queue_rule_raise_penalty_check'::text, 'raise_penalty'::text, raise_penalty, 'a number, or a change such as +1 or -2; `r` before it keeps to QUEUE_MIN_PENALTY'::text)
END)
);

COMMENT ON TABLE peerage.queue_rule IS 'Steps by which the penalties that count change while a caller waits. Asterisk reads them at load (realtime_rules=yes).';

COMMENT ON COLUMN peerage.queue_rule.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.queue_rule.name IS 'Name of the rule: defaultrule of a queue.';

COMMENT ON COLUMN peerage.queue_rule.after_seconds IS 'Seconds waited until the step.';

COMMENT ON COLUMN peerage.queue_rule.min_penalty IS 'New QUEUE_MIN_PENALTY, or its change; null leaves it.';

COMMENT ON COLUMN peerage.queue_rule.max_penalty IS 'New QUEUE_MAX_PENALTY, or its change; null leaves it.';

COMMENT ON COLUMN peerage.queue_rule.raise_penalty IS 'New QUEUE_RAISE_PENALTY, or its change; null leaves it. `r` before it: penalties under QUEUE_MIN_PENALTY are not raised (not known to Asterisk 16).';

CREATE TABLE peerage.queue (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text,
    strategy text DEFAULT 'ringall'::text NOT NULL,
    timeout_seconds integer DEFAULT 15 NOT NULL,
    retry_seconds integer DEFAULT 5 NOT NULL,
    wrapup_seconds integer DEFAULT 0 NOT NULL,
    max_length integer DEFAULT 0 NOT NULL,
    weight integer DEFAULT 0 NOT NULL,
    service_level_seconds integer DEFAULT 60 NOT NULL,
    ring_in_use boolean DEFAULT false NOT NULL,
    autopause text DEFAULT 'no'::text NOT NULL,
    join_empty text DEFAULT 'yes'::text NOT NULL,
    leave_when_empty text DEFAULT 'no'::text NOT NULL,
    music_class text,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT queue_autopause_check CHECK (
CASE
    WHEN (autopause = ANY (ARRAY['yes'::text, 'no'::text, 'all'::text])) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_autopause_check'::text, 'autopause'::text, autopause, 'one of yes, no, all'::text)
END),
    CONSTRAINT queue_description_check CHECK (
CASE
    WHEN ((description IS NULL) OR ((char_length(description) >= 1) AND (char_length(description) <= 500))) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_description_check'::text, 'description'::text, ("left"(description, 40) || '...'::text), '1 to 500 characters'::text)
END),
    CONSTRAINT queue_join_empty_check CHECK (
CASE
    WHEN peerage.are_empty_words(join_empty) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_join_empty_check'::text, 'join_empty'::text, "left"(join_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks'::text)
END),
    CONSTRAINT queue_leave_when_empty_check CHECK (
CASE
    WHEN peerage.are_empty_words(leave_when_empty) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_leave_when_empty_check'::text, 'leave_when_empty'::text, "left"(leave_when_empty, 128), 'yes, no, strict or loose, or some of paused, penalty, inuse, ringing, unavailable, invalid, unknown, wrapup with commas between and no blanks'::text)
END),
    CONSTRAINT queue_max_length_check CHECK (
CASE
    WHEN ((max_length >= 0) AND (max_length <= 100000)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_max_length_check'::text, 'max_length'::text, (max_length)::text, '0 to 100000 calls; 0 is no limit'::text)
END),
    CONSTRAINT queue_music_class_check CHECK (
CASE
    WHEN ((music_class IS NULL) OR (music_class ~ '^[0-9A-Za-z_.-]{1,79}$'::text)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_music_class_check'::text, 'music_class'::text, music_class, '1 to 79 letters, digits, `_`, `.` or `-`'::text)
END),
    CONSTRAINT queue_name_check CHECK (
CASE
    WHEN ((name ~ '^[0-9A-Za-z_.-]{1,79}$'::text) AND (name <> 'peerage-probe'::text)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_name_check'::text, 'name'::text, name, '1 to 79 letters, digits, `_`, `.` or `-`; peerage-probe is taken'::text)
END),
    CONSTRAINT queue_options_check CHECK (peerage.refuse_queue_options(options)),
    CONSTRAINT queue_retry_seconds_check CHECK (
CASE
    WHEN ((retry_seconds >= 1) AND (retry_seconds <= 3600)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_retry_seconds_check'::text, 'retry_seconds'::text, (retry_seconds)::text, '1 to 3600 seconds'::text)
END),
    CONSTRAINT queue_service_level_seconds_check CHECK (
CASE
    WHEN ((service_level_seconds >= 0) AND (service_level_seconds <= 86400)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_service_level_seconds_check'::text, 'service_level_seconds'::text, (service_level_seconds)::text, '0 to 86400 seconds'::text)
END),
    CONSTRAINT queue_strategy_check CHECK (
CASE
    WHEN (strategy = ANY (ARRAY['ringall'::text, 'leastrecent'::text, 'fewestcalls'::text, 'random'::text, 'rrmemory'::text, 'linear'::text, 'wrandom'::text, 'rrordered'::text])) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_strategy_check'::text, 'strategy'::text, strategy, 'one of ringall, leastrecent, fewestcalls, random, rrmemory, linear, wrandom, rrordered'::text)
END),
    CONSTRAINT queue_timeout_seconds_check CHECK (
CASE
    WHEN ((timeout_seconds >= 0) AND (timeout_seconds <= 3600)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_timeout_seconds_check'::text, 'timeout_seconds'::text, (timeout_seconds)::text, '0 to 3600 seconds; 0 rings without end'::text)
END),
    CONSTRAINT queue_weight_check CHECK (
CASE
    WHEN ((weight >= 0) AND (weight <= 1000)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_weight_check'::text, 'weight'::text, (weight)::text, '0 to 1000'::text)
END),
    CONSTRAINT queue_wrapup_seconds_check CHECK (
CASE
    WHEN ((wrapup_seconds >= 0) AND (wrapup_seconds <= 86400)) THEN true
    ELSE peerage.refuse('queue'::text, 'queue_wrapup_seconds_check'::text, 'wrapup_seconds'::text, (wrapup_seconds)::text, '0 to 86400 seconds'::text)
END)
);

COMMENT ON TABLE peerage.queue IS 'A queue of app_queue.';

COMMENT ON COLUMN peerage.queue.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.queue.name IS 'Name, as Queue() is called with it; no two differ in case only.';

COMMENT ON COLUMN peerage.queue.description IS 'Free text; null for none.';

COMMENT ON COLUMN peerage.queue.strategy IS 'Who rings first. A change to linear or rrordered needs a restart of Asterisk. The order of linear is the one in which Asterisk has read the members: nobody can set it.';

COMMENT ON COLUMN peerage.queue.timeout_seconds IS 'Seconds a member rings.';

COMMENT ON COLUMN peerage.queue.retry_seconds IS 'Seconds before the next member rings.';

COMMENT ON COLUMN peerage.queue.wrapup_seconds IS 'Seconds of rest after a call.';

COMMENT ON COLUMN peerage.queue.max_length IS 'Most callers; 0 is no limit.';

COMMENT ON COLUMN peerage.queue.weight IS 'Queues of more weight are served first.';

COMMENT ON COLUMN peerage.queue.service_level_seconds IS 'Seconds within which a call should be answered.';

COMMENT ON COLUMN peerage.queue.ring_in_use IS 'Whether a member with a call rings.';

COMMENT ON COLUMN peerage.queue.autopause IS 'Whether a missed ring pauses: no, yes (this queue), all.';

COMMENT ON COLUMN peerage.queue.join_empty IS 'When a caller may join although nobody is there.';

COMMENT ON COLUMN peerage.queue.leave_when_empty IS 'When a waiting caller is sent away.';

COMMENT ON COLUMN peerage.queue.music_class IS 'Class of music on hold; null: the channel''s.';

COMMENT ON COLUMN peerage.queue.options IS 'app_queue''s other options by name.';

COMMENT ON COLUMN peerage.queue.created_at IS 'When the row was made.';

CREATE TABLE peerage.node_site (
    id bigint NOT NULL,
    login text NOT NULL COLLATE pg_catalog."C",
    site_id bigint NOT NULL
);

COMMENT ON TABLE peerage.node_site IS 'Sites that a node serves when it does not serve all. A node without a row here, and without all_sites, serves none.';

COMMENT ON COLUMN peerage.node_site.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.node_site.login IS 'The node, by its database role: each lookup asks for session_user.';

COMMENT ON COLUMN peerage.node_site.site_id IS 'The site.';

CREATE TABLE peerage.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

COMMENT ON TABLE peerage.__diesel_schema_migrations IS 'Ledger of the migrations.';

COMMENT ON COLUMN peerage.__diesel_schema_migrations.version IS 'Version of the migration.';

COMMENT ON COLUMN peerage.__diesel_schema_migrations.run_on IS 'When it ran.';

CREATE TABLE peerage.agent (
    id bigint NOT NULL,
    account_id bigint,
    account_kind text DEFAULT 'agent'::text NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    full_name text NOT NULL,
    alias text,
    email text,
    phone text,
    mobile text,
    description text,
    hot_desk boolean DEFAULT false NOT NULL,
    login_in_pause boolean DEFAULT false NOT NULL,
    pin_digest text,
    client_log_level text DEFAULT 'off'::text NOT NULL,
    may_choose_interface boolean DEFAULT true NOT NULL,
    may_take_any_phone boolean DEFAULT true NOT NULL,
    may_move boolean DEFAULT true NOT NULL,
    may_pause_one_queue boolean DEFAULT true NOT NULL,
    may_log_out boolean DEFAULT true NOT NULL,
    may_request_after_call boolean DEFAULT true NOT NULL,
    may_see_own_history boolean DEFAULT true NOT NULL,
    may_edit_own_numbers boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT agent_account_kind_check CHECK (
CASE
    WHEN (account_kind = 'agent'::text) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_account_kind_check'::text, 'account_kind'::text, account_kind, 'always agent'::text)
END),
    CONSTRAINT agent_alias_check CHECK (
CASE
    WHEN (alias IS NULL) THEN true
    WHEN (((char_length(alias) >= 1) AND (char_length(alias) <= 80)) AND (alias !~ '[\u0001-\u001f\u007f-\u009f]|^ | $'::text)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_alias_check'::text, 'alias'::text, alias, '1 to 80 characters, no control characters, no blanks at its ends'::text)
END),
    CONSTRAINT agent_client_log_level_check CHECK (
CASE
    WHEN (client_log_level = ANY (ARRAY['off'::text, 'error'::text, 'warning'::text, 'info'::text, 'debug'::text])) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_client_log_level_check'::text, 'client_log_level'::text, client_log_level, 'one of off, error, warning, info, debug'::text)
END),
    CONSTRAINT agent_description_check CHECK (
CASE
    WHEN (description IS NULL) THEN true
    WHEN (((char_length(description) >= 1) AND (char_length(description) <= 500)) AND (description !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f]'::text)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_description_check'::text, 'description'::text, ("left"(description, 40) || '...'::text), '1 to 500 characters, no control characters but line feeds'::text)
END),
    CONSTRAINT agent_email_check CHECK (
CASE
    WHEN (email IS NULL) THEN true
    WHEN ((char_length(email) <= 254) AND (email ~ '^[^@ \u0001-\u001f\u007f-\u009f]+@[^@ \u0001-\u001f\u007f-\u009f]+$'::text)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_email_check'::text, 'email'::text, email, 'name@domain, without blanks, at most 254 characters'::text)
END),
    CONSTRAINT agent_full_name_check CHECK (
CASE
    WHEN (((char_length(full_name) >= 1) AND (char_length(full_name) <= 80)) AND (full_name !~ '[\u0001-\u001f\u007f-\u009f]|^ | $'::text)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_full_name_check'::text, 'full_name'::text, full_name, '1 to 80 characters, no control characters, no blanks at its ends'::text)
END),
    CONSTRAINT agent_mobile_check CHECK (
CASE
    WHEN (mobile IS NULL) THEN true
    WHEN ((mobile ~ '^([0-9A-Za-z][0-9A-Za-z.-]*|[+]?[0-9*#]+)$'::text) AND (octet_length(ltrim(mobile, '+'::text)) <= 40)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_mobile_check'::text, 'mobile'::text, mobile, 'the number of an account, or an outside number: `+` at most once and in front, digits, `*`, `#`'::text)
END),
    CONSTRAINT agent_phone_check CHECK (
CASE
    WHEN (phone IS NULL) THEN true
    WHEN ((phone ~ '^([0-9A-Za-z][0-9A-Za-z.-]*|[+]?[0-9*#]+)$'::text) AND (octet_length(ltrim(phone, '+'::text)) <= 40)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_phone_check'::text, 'phone'::text, phone, 'the number of an account, or an outside number: `+` at most once and in front, digits, `*`, `#`'::text)
END),
    CONSTRAINT agent_removed_at_check CHECK (
CASE
    WHEN ((account_id IS NULL) = (removed_at IS NOT NULL)) THEN true
    ELSE peerage.refuse('agent'::text, 'agent_removed_at_check'::text, 'removed_at'::text, (removed_at)::text, 'null while the agent has an account, and only then'::text)
END)
);

COMMENT ON TABLE peerage.agent IS 'A person who takes calls. The row outlives the SIP account: history refers to it.';

COMMENT ON COLUMN peerage.agent.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent.account_id IS 'SIP account; null once removed.';

COMMENT ON COLUMN peerage.agent.account_kind IS 'Always agent: keeps an account from belonging to an agent and a telephone at once.';

COMMENT ON COLUMN peerage.agent.number IS 'Number of the account, or its last one; follows the account.';

COMMENT ON COLUMN peerage.agent.full_name IS 'Name as people read it.';

COMMENT ON COLUMN peerage.agent.alias IS 'Name shown in place of the sign-in name; null for none.';

COMMENT ON COLUMN peerage.agent.email IS 'E-mail address; null for none.';

COMMENT ON COLUMN peerage.agent.phone IS 'Where calls ring when the agent chooses `phone`: an account''s number or an outside number. Null: not offered.';

COMMENT ON COLUMN peerage.agent.mobile IS 'Where calls ring when the agent chooses `mobile`. Null: not offered.';

COMMENT ON COLUMN peerage.agent.description IS 'Free text; null for none.';

COMMENT ON COLUMN peerage.agent.hot_desk IS 'Whether the agent picks a telephone at login, in place of an interface.';

COMMENT ON COLUMN peerage.agent.login_in_pause IS 'Whether each login begins paused on all queues.';

COMMENT ON COLUMN peerage.agent.pin_digest IS 'argon2id hash of the PIN for signing in by telephone; null for none.';

COMMENT ON COLUMN peerage.agent.client_log_level IS 'Level at which the agent''s page reports to the service.';

COMMENT ON COLUMN peerage.agent.may_choose_interface IS 'Whether the agent may choose where calls ring.';

COMMENT ON COLUMN peerage.agent.may_take_any_phone IS 'Whether the agent may take any telephone of the site.';

COMMENT ON COLUMN peerage.agent.may_move IS 'Whether the agent may move without logging out.';

COMMENT ON COLUMN peerage.agent.may_pause_one_queue IS 'Whether the agent may pause a single queue.';

COMMENT ON COLUMN peerage.agent.may_log_out IS 'Whether the agent may log out.';

COMMENT ON COLUMN peerage.agent.may_request_after_call IS 'Whether the agent may ask for a logout or pause after the call.';

COMMENT ON COLUMN peerage.agent.may_see_own_history IS 'Whether the agent may see the own history.';

COMMENT ON COLUMN peerage.agent.may_edit_own_numbers IS 'Whether the agent may edit the own phone and mobile. Off unless set: whoever has the agent''s password would choose whom the trunk calls.';

COMMENT ON COLUMN peerage.agent.created_at IS 'When the row was made.';

COMMENT ON COLUMN peerage.agent.removed_at IS 'When the agent was removed; null while in service.';

CREATE TABLE peerage.agent_call (
    agent_id bigint NOT NULL,
    node_id bigint NOT NULL,
    state text,
    since timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT agent_call_since_check CHECK (((state IS NULL) = (since IS NULL))),
    CONSTRAINT agent_call_state_check CHECK ((state = ANY (ARRAY['ringing'::text, 'on_call'::text])))
);

COMMENT ON TABLE peerage.agent_call IS 'The call of an agent at a node, as the service that leads the node saw it last, and when the last one ended. Believed only while somebody leads the node: see call_now.';

COMMENT ON COLUMN peerage.agent_call.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.agent_call.node_id IS 'The node that has the call.';

COMMENT ON COLUMN peerage.agent_call.state IS 'ringing or on_call; null when there is no call.';

COMMENT ON COLUMN peerage.agent_call.since IS 'Since when, by the clock of the service; null when there is no call.';

COMMENT ON COLUMN peerage.agent_call.ended_at IS 'When the last call that was up ended, by the clock of the service; null when none was seen. A call that only rang does not count.';

CREATE TABLE peerage.agent_channel (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    channel text NOT NULL,
    capacity integer DEFAULT 0 NOT NULL,
    auto_answer boolean DEFAULT false NOT NULL,
    auto_answer_delay_seconds integer DEFAULT 0 NOT NULL,
    CONSTRAINT agent_channel_auto_answer_delay_seconds_check CHECK (
CASE
    WHEN ((auto_answer_delay_seconds >= 0) AND (auto_answer_delay_seconds <= 3600)) THEN true
    ELSE peerage.refuse('agent_channel'::text, 'agent_channel_auto_answer_delay_seconds_check'::text, 'auto_answer_delay_seconds'::text, (auto_answer_delay_seconds)::text, '0 to 3600 seconds'::text)
END),
    CONSTRAINT agent_channel_capacity_check CHECK (
CASE
    WHEN ((capacity >= 0) AND (capacity <= 1000)) THEN true
    ELSE peerage.refuse('agent_channel'::text, 'agent_channel_capacity_check'::text, 'capacity'::text, (capacity)::text, '0 to 1000; 0 is unlimited'::text)
END),
    CONSTRAINT agent_channel_channel_check CHECK (
CASE
    WHEN (channel = ANY (ARRAY['chat'::text, 'email'::text, 'sms'::text, 'open_channel'::text, 'whatsapp'::text, 'fax'::text])) THEN true
    ELSE peerage.refuse('agent_channel'::text, 'agent_channel_channel_check'::text, 'channel'::text, channel, 'one of chat, email, sms, open_channel, whatsapp, fax'::text)
END)
);

COMMENT ON TABLE peerage.agent_channel IS 'What an agent takes on a channel other than voice. Stored and shown; Peerage routes none of them.';

COMMENT ON COLUMN peerage.agent_channel.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_channel.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.agent_channel.channel IS 'The channel.';

COMMENT ON COLUMN peerage.agent_channel.capacity IS 'Most interactions at once; 0 is unlimited.';

COMMENT ON COLUMN peerage.agent_channel.auto_answer IS 'Whether interactions are accepted without asking.';

COMMENT ON COLUMN peerage.agent_channel.auto_answer_delay_seconds IS 'Seconds before an interaction is accepted so.';

ALTER TABLE peerage.agent_channel ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE peerage.agent ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.agent_pause (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    queue_id bigint,
    queue_name text COLLATE pg_catalog."C",
    reason text,
    reason_id bigint,
    actor text NOT NULL,
    forced boolean DEFAULT false NOT NULL,
    ended_by text,
    paused_since timestamp with time zone NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT agent_pause_ended_at_check CHECK (((ended_at >= began_at) AND ((ended_at IS NULL) = (ended_by IS NULL)))),
    CONSTRAINT agent_pause_paused_since_check CHECK ((paused_since <= began_at)),
    CONSTRAINT agent_pause_queue_name_check CHECK (((queue_id IS NULL) = (queue_name IS NULL))),
    CONSTRAINT agent_pause_reason_check CHECK ((((octet_length(reason) >= 1) AND (octet_length(reason) <= 79)) AND (reason !~ '[\u0001-\u001f\u007f-\u009f]'::text)))
);

COMMENT ON TABLE peerage.agent_pause IS 'Pauses as intervals: of all queues, or of one.';

COMMENT ON COLUMN peerage.agent_pause.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_pause.session_id IS 'The session.';

COMMENT ON COLUMN peerage.agent_pause.queue_id IS 'The one queue, which may be no more; null for all.';

COMMENT ON COLUMN peerage.agent_pause.queue_name IS 'What that queue was called; null for all.';

COMMENT ON COLUMN peerage.agent_pause.reason IS 'Reason as written, at most 79 bytes, which is what app_queue keeps; null when none was given.';

COMMENT ON COLUMN peerage.agent_pause.reason_id IS 'The reason of that code; null when there is none.';

COMMENT ON COLUMN peerage.agent_pause.actor IS 'Who paused.';

COMMENT ON COLUMN peerage.agent_pause.forced IS 'Whether somebody else than the agent did.';

COMMENT ON COLUMN peerage.agent_pause.ended_by IS 'Who ended it; null while open.';

COMMENT ON COLUMN peerage.agent_pause.paused_since IS 'When the agent paused: earlier than began_at where a pause of all queues became pauses of single ones.';

COMMENT ON COLUMN peerage.agent_pause.began_at IS 'From when this row counts.';

COMMENT ON COLUMN peerage.agent_pause.ended_at IS 'Until when; null while open.';

ALTER TABLE peerage.agent_pause ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.agent_place (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    interface_kind text NOT NULL,
    interface text NOT NULL COLLATE pg_catalog."C",
    phone_number text COLLATE pg_catalog."C",
    actor text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT agent_place_ended_at_check CHECK ((ended_at >= began_at))
);

COMMENT ON TABLE peerage.agent_place IS 'Where a session rang and when: one row for the login, one more for each move.';

COMMENT ON COLUMN peerage.agent_place.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_place.session_id IS 'The session.';

COMMENT ON COLUMN peerage.agent_place.interface_kind IS 'internal, phone, mobile or hot_desk.';

COMMENT ON COLUMN peerage.agent_place.interface IS 'What app_queue dialled.';

COMMENT ON COLUMN peerage.agent_place.phone_number IS 'The hot-desk telephone; null otherwise.';

COMMENT ON COLUMN peerage.agent_place.actor IS 'Who brought the agent there.';

COMMENT ON COLUMN peerage.agent_place.began_at IS 'From when.';

COMMENT ON COLUMN peerage.agent_place.ended_at IS 'Until when; null while there.';

ALTER TABLE peerage.agent_place ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_place_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.agent_presence (
    session_id bigint NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE peerage.agent_presence IS 'Sessions that a console began or adopted, and when their page was last seen: these alone end by the site''s disconnection timeout.';

COMMENT ON COLUMN peerage.agent_presence.session_id IS 'The agent''s session.';

COMMENT ON COLUMN peerage.agent_presence.seen_at IS 'When the page was last connected; moved on by the time that its service was down.';

CREATE TABLE peerage.agent_session (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    agent_number text NOT NULL COLLATE pg_catalog."C",
    interface_kind text NOT NULL,
    interface text NOT NULL COLLATE pg_catalog."C",
    state_interface text NOT NULL COLLATE pg_catalog."C",
    member_name text NOT NULL,
    phone_number text COLLATE pg_catalog."C",
    begun_by text NOT NULL,
    ended_by text,
    end_cause text,
    end_reason text,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT agent_session_end_cause_check CHECK ((end_cause = ANY (ARRAY['agent'::text, 'supervisor'::text, 'take_over'::text, 'disconnection'::text, 'admin'::text, 'removed'::text]))),
    CONSTRAINT agent_session_ended_at_check CHECK (((ended_at >= began_at) AND (num_nulls(ended_at, end_cause, ended_by) = ANY (ARRAY[0, 3])))),
    CONSTRAINT agent_session_interface_kind_check CHECK ((interface_kind = ANY (ARRAY['internal'::text, 'phone'::text, 'mobile'::text, 'hot_desk'::text]))),
    CONSTRAINT agent_session_member_name_check CHECK ((octet_length(member_name) <= 79)),
    CONSTRAINT agent_session_phone_number_check CHECK (((interface_kind = 'hot_desk'::text) = (phone_number IS NOT NULL)))
);

COMMENT ON TABLE peerage.agent_session IS 'An agent at work, from login to logout, on one interface. A move ends nothing: it changes the interface and is noted in agent_place.';

COMMENT ON COLUMN peerage.agent_session.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_session.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.agent_session.agent_number IS 'The agent''s number then.';

COMMENT ON COLUMN peerage.agent_session.interface_kind IS 'internal, phone, mobile or hot_desk.';

COMMENT ON COLUMN peerage.agent_session.interface IS 'What app_queue dials, such as PJSIP/1001.';

COMMENT ON COLUMN peerage.agent_session.state_interface IS 'Whose device state counts.';

COMMENT ON COLUMN peerage.agent_session.member_name IS 'Name in the queue and its log, unique among those at work: at most 79 bytes, which is what app_queue keeps.';

COMMENT ON COLUMN peerage.agent_session.phone_number IS 'The hot-desk telephone; null otherwise.';

COMMENT ON COLUMN peerage.agent_session.begun_by IS 'Who logged the agent in.';

COMMENT ON COLUMN peerage.agent_session.ended_by IS 'Who ended it; null while open.';

COMMENT ON COLUMN peerage.agent_session.end_cause IS 'agent, supervisor, take_over, disconnection, admin or removed; null while open.';

COMMENT ON COLUMN peerage.agent_session.end_reason IS 'What was said about the end; null for nothing.';

COMMENT ON COLUMN peerage.agent_session.began_at IS 'Login.';

COMMENT ON COLUMN peerage.agent_session.ended_at IS 'Logout; null while open.';

CREATE TABLE peerage.node_device (
    node_id bigint NOT NULL,
    device text NOT NULL COLLATE pg_catalog."C",
    says text NOT NULL,
    can_ring boolean GENERATED ALWAYS AS ((says <> ALL (ARRAY['UNAVAILABLE'::text, 'INVALID'::text]))) STORED,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT node_device_says_check CHECK ((says = ANY (ARRAY['AVAILABLE'::text, 'UNKNOWN'::text, 'UNAVAILABLE'::text, 'INVALID'::text])))
);

COMMENT ON TABLE peerage.node_device IS 'What a node says of a device: whether app_queue would ring it.';

COMMENT ON COLUMN peerage.node_device.node_id IS 'The node.';

COMMENT ON COLUMN peerage.node_device.device IS 'The device, such as PJSIP/1001.';

COMMENT ON COLUMN peerage.node_device.says IS 'UNAVAILABLE, INVALID and UNKNOWN as Asterisk says them (DeviceStateChange); AVAILABLE is any of its other states, with a call or without.';

COMMENT ON COLUMN peerage.node_device.can_ring IS 'Whether app_queue rings a member of this state (app_queue.c, get_member_status).';

COMMENT ON COLUMN peerage.node_device.changed_at IS 'Since when.';

CREATE TABLE peerage.node_lease (
    node_id bigint NOT NULL,
    epoch bigint NOT NULL,
    service text,
    service_name text,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT node_lease_epoch_check CHECK ((epoch > 0)),
    CONSTRAINT node_lease_service_check CHECK ((num_nulls(service, service_name) = ANY (ARRAY[0, 2]))),
    CONSTRAINT node_lease_service_length_check CHECK ((((length(service) >= 1) AND (length(service) <= 64)) AND ((length(service_name) >= 1) AND (length(service_name) <= 200))))
);

COMMENT ON TABLE peerage.node_lease IS 'Which service leads a node: it alone gives the node orders. The lease holds until it expires by this server''s clock, and is renewed all the time.';

COMMENT ON COLUMN peerage.node_lease.node_id IS 'The node.';

COMMENT ON COLUMN peerage.node_lease.epoch IS 'Counts who has led the node. Orders are claimed with it, so that one who led before and does not know yet claims none.';

COMMENT ON COLUMN peerage.node_lease.service IS 'The service that leads, by the name it gave itself at its start; null when it has given the lease back.';

COMMENT ON COLUMN peerage.node_lease.service_name IS 'The same for people: host and port.';

COMMENT ON COLUMN peerage.node_lease.expires_at IS 'Until when it leads.';

CREATE TABLE peerage.node_report (
    node_id bigint NOT NULL,
    epoch bigint NOT NULL,
    missing_modules text[] DEFAULT '{}'::text[] NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE peerage.node_report IS 'Nodes whose device states are known at the moment. A row counts only under the lease it was written with: when the service that leads the node is gone, or its link is, nobody knows what the node says.';

COMMENT ON COLUMN peerage.node_report.node_id IS 'The node.';

COMMENT ON COLUMN peerage.node_report.epoch IS 'The lease (peerage.node_lease) under which this was written.';

COMMENT ON COLUMN peerage.node_report.missing_modules IS 'Modules that calls of a queue need, and that the node does not have loaded.';

COMMENT ON COLUMN peerage.node_report.changed_at IS 'Since when those modules are missing.';

CREATE TABLE peerage.sip_account (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    transports text[] DEFAULT '{udp}'::text[] NOT NULL,
    host text DEFAULT 'dynamic'::text NOT NULL COLLATE pg_catalog."C",
    nat text DEFAULT 'force_rport'::text NOT NULL,
    type text DEFAULT 'friend'::text NOT NULL,
    codecs text[] DEFAULT '{ulaw,alaw}'::text[] NOT NULL,
    callerid_name text,
    callerid_number text,
    context text DEFAULT 'from-sip'::text NOT NULL,
    call_groups smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    pickup_groups smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    named_call_groups text[] DEFAULT '{}'::text[] NOT NULL,
    named_pickup_groups text[] DEFAULT '{}'::text[] NOT NULL,
    chanspy boolean DEFAULT false NOT NULL,
    video boolean DEFAULT false NOT NULL,
    record text DEFAULT 'inactive'::text NOT NULL,
    encryption boolean DEFAULT false NOT NULL,
    qualify_seconds integer DEFAULT 60 NOT NULL,
    max_contacts integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sip_account_call_groups_check CHECK (
CASE
    WHEN (cardinality(call_groups) = 0) THEN true
    WHEN peerage.are_groups(call_groups) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_call_groups_check'::text, 'call_groups'::text, (call_groups)::text, 'numbers 0 to 63, none twice'::text)
END),
    CONSTRAINT sip_account_callerid_name_check CHECK (
CASE
    WHEN (callerid_name IS NULL) THEN true
    WHEN (((octet_length(callerid_name) >= 1) AND (octet_length(callerid_name) <= 79)) AND (callerid_name !~ '[\u0001-\u001f\u007f-\u009f]'::text)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_callerid_name_check'::text, 'callerid_name'::text, callerid_name, '1 to 79 bytes without control characters'::text)
END),
    CONSTRAINT sip_account_callerid_number_check CHECK (
CASE
    WHEN (callerid_number IS NULL) THEN true
    WHEN ((callerid_number ~ '^[0-9A-Za-z*#+._-]+$'::text) AND (octet_length(callerid_number) <= 40)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_callerid_number_check'::text, 'callerid_number'::text, callerid_number, '1 to 40 letters, digits or `*#+._-`'::text)
END),
    CONSTRAINT sip_account_codecs_check CHECK (
CASE
    WHEN ((cardinality(codecs) > 0) AND (cardinality(codecs) = ((((((('ulaw'::text = ANY (codecs)))::integer + (('alaw'::text = ANY (codecs)))::integer) + (('gsm'::text = ANY (codecs)))::integer) + (('g722'::text = ANY (codecs)))::integer) + (('g729'::text = ANY (codecs)))::integer) + (('opus'::text = ANY (codecs)))::integer))) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_codecs_check'::text, 'codecs'::text, (codecs)::text, 'one or more of ulaw, alaw, gsm, g722, g729, opus, none twice, the preferred one first'::text)
END),
    CONSTRAINT sip_account_context_check CHECK (
CASE
    WHEN ((context ~ '^[0-9A-Za-z_.-]+$'::text) AND (octet_length(context) <= 79)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_context_check'::text, 'context'::text, context, '1 to 79 letters, digits, `_`, `.` or `-`'::text)
END),
    CONSTRAINT sip_account_encryption_transports_check CHECK (
CASE
    WHEN (encryption OR (NOT (transports <@ ARRAY['ws'::text, 'wss'::text]))) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_encryption_transports_check'::text, 'encryption'::text, 'no'::text, 'ws and wss imply DTLS: with these transports alone, encryption must be on'::text)
END),
    CONSTRAINT sip_account_host_check CHECK (
CASE
    WHEN (host = 'dynamic'::text) THEN true
    WHEN peerage.is_address(host) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_host_check'::text, 'host'::text, host, '`dynamic` or the IP address of a host, in its shortest form'::text)
END),
    CONSTRAINT sip_account_host_transports_check CHECK (
CASE
    WHEN ((host = 'dynamic'::text) OR (NOT (transports <@ ARRAY['ws'::text, 'wss'::text]))) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_host_transports_check'::text, 'transports'::text, (transports)::text, 'Asterisk cannot open a WebSocket: a fixed host needs udp, tcp or tls'::text)
END),
    CONSTRAINT sip_account_kind_check CHECK (
CASE
    WHEN (kind = ANY (ARRAY['agent'::text, 'phone'::text])) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_kind_check'::text, 'kind'::text, kind, 'one of agent, phone'::text)
END),
    CONSTRAINT sip_account_max_contacts_check CHECK (
CASE
    WHEN ((max_contacts >= 1) AND (max_contacts <= 100)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_max_contacts_check'::text, 'max_contacts'::text, (max_contacts)::text, '1 to 100'::text)
END),
    CONSTRAINT sip_account_named_call_groups_check CHECK (
CASE
    WHEN (cardinality(named_call_groups) = 0) THEN true
    WHEN peerage.are_names(named_call_groups) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_named_call_groups_check'::text, 'named_call_groups'::text, (named_call_groups)::text, 'names of 1 to 79 letters, digits, `_`, `.` or `-`, none twice'::text)
END),
    CONSTRAINT sip_account_named_pickup_groups_check CHECK (
CASE
    WHEN (cardinality(named_pickup_groups) = 0) THEN true
    WHEN peerage.are_names(named_pickup_groups) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_named_pickup_groups_check'::text, 'named_pickup_groups'::text, (named_pickup_groups)::text, 'names of 1 to 79 letters, digits, `_`, `.` or `-`, none twice'::text)
END),
    CONSTRAINT sip_account_nat_check CHECK (
CASE
    WHEN (nat = ANY (ARRAY['yes'::text, 'no'::text, 'force_rport'::text, 'comedia'::text, 'never'::text, 'route'::text])) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_nat_check'::text, 'nat'::text, nat, 'one of yes, no, force_rport, comedia, never, route'::text)
END),
    CONSTRAINT sip_account_number_check CHECK (
CASE
    WHEN ((number ~ '^[0-9A-Za-z][0-9A-Za-z.-]*$'::text) AND (octet_length(number) <= 40)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_number_check'::text, 'number'::text, number, 'a letter or digit, then up to 39 letters, digits, `.` or `-`'::text)
END),
    CONSTRAINT sip_account_pickup_groups_check CHECK (
CASE
    WHEN (cardinality(pickup_groups) = 0) THEN true
    WHEN peerage.are_groups(pickup_groups) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_pickup_groups_check'::text, 'pickup_groups'::text, (pickup_groups)::text, 'numbers 0 to 63, none twice'::text)
END),
    CONSTRAINT sip_account_qualify_seconds_check CHECK (
CASE
    WHEN ((qualify_seconds >= 0) AND (qualify_seconds <= 86400)) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_qualify_seconds_check'::text, 'qualify_seconds'::text, (qualify_seconds)::text, '0 to 86400 seconds; 0 is off'::text)
END),
    CONSTRAINT sip_account_record_check CHECK (
CASE
    WHEN (record = ANY (ARRAY['inactive'::text, 'wav'::text, 'wav49'::text, 'gsm'::text])) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_record_check'::text, 'record'::text, record, 'one of inactive, wav, wav49, gsm'::text)
END),
    CONSTRAINT sip_account_transports_check CHECK (
CASE
    WHEN ((cardinality(transports) > 0) AND (cardinality(transports) = (((((('udp'::text = ANY (transports)))::integer + (('tcp'::text = ANY (transports)))::integer) + (('tls'::text = ANY (transports)))::integer) + (('ws'::text = ANY (transports)))::integer) + (('wss'::text = ANY (transports)))::integer))) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_transports_check'::text, 'transports'::text, (transports)::text, 'one or more of udp, tcp, tls, ws, wss, none twice, the preferred one first'::text)
END),
    CONSTRAINT sip_account_type_check CHECK (
CASE
    WHEN (type = ANY (ARRAY['user'::text, 'peer'::text, 'friend'::text])) THEN true
    ELSE peerage.refuse('sip_account'::text, 'sip_account_type_check'::text, 'type'::text, type, 'one of user, peer, friend'::text)
END)
);

COMMENT ON TABLE peerage.sip_account IS 'A SIP identity with its Voice settings: an agent''s or a telephone''s. Both share one space of numbers.';

COMMENT ON COLUMN peerage.sip_account.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.sip_account.site_id IS 'Site it belongs to.';

COMMENT ON COLUMN peerage.sip_account.disabled IS 'Whether Asterisk is told nothing of it: no endpoint, no auth, no AOR, no peer.';

COMMENT ON COLUMN peerage.sip_account.number IS 'Extension, endpoint, AOR and user name in one; case-sensitive, but no two differ in case only. `_` and `%` are wildcards in Asterisk''s LIKE and are refused.';

COMMENT ON COLUMN peerage.sip_account.kind IS 'Whose it is: agent or phone.';

COMMENT ON COLUMN peerage.sip_account.transports IS 'Transports in order of preference. chan_sip refuses an unlisted one; PJSIP follows the contact.';

COMMENT ON COLUMN peerage.sip_account.host IS '`dynamic` (it registers) or the fixed IP address it always has.';

COMMENT ON COLUMN peerage.sip_account.nat IS 'How Asterisk treats its address: yes, no, force_rport, comedia, never (as no), route (as yes).';

COMMENT ON COLUMN peerage.sip_account.type IS 'user (it calls), peer (it is called, and identified by address), friend (both).';

COMMENT ON COLUMN peerage.sip_account.codecs IS 'Audio codecs in order of preference.';

COMMENT ON COLUMN peerage.sip_account.callerid_name IS 'Name shown to the called party; null for none.';

COMMENT ON COLUMN peerage.sip_account.callerid_number IS 'Number shown to the called party; null for none.';

COMMENT ON COLUMN peerage.sip_account.context IS 'Dialplan context of its calls and subscriptions.';

COMMENT ON COLUMN peerage.sip_account.call_groups IS 'Call groups it is in, 0 to 63.';

COMMENT ON COLUMN peerage.sip_account.pickup_groups IS 'Call groups whose ringing calls it may pick up, 0 to 63.';

COMMENT ON COLUMN peerage.sip_account.named_call_groups IS 'Named call groups it is in.';

COMMENT ON COLUMN peerage.sip_account.named_pickup_groups IS 'Named call groups whose ringing calls it may pick up.';

COMMENT ON COLUMN peerage.sip_account.chanspy IS 'Whether its calls may be monitored; reaches the dialplan as PEERAGE_CHANSPY.';

COMMENT ON COLUMN peerage.sip_account.video IS 'Whether H264 is offered.';

COMMENT ON COLUMN peerage.sip_account.record IS 'Format in which calls to it are recorded, or inactive; reaches the dialplan as PEERAGE_RECORD.';

COMMENT ON COLUMN peerage.sip_account.encryption IS 'Whether media must be SRTP: SDES, or DTLS for a browser.';

COMMENT ON COLUMN peerage.sip_account.qualify_seconds IS 'Seconds between OPTIONS requests; 0 is off. With 0 an endpoint made after Asterisk''s start stays unavailable.';

COMMENT ON COLUMN peerage.sip_account.max_contacts IS 'Most contacts it may have at once under PJSIP; a new one displaces the oldest.';

COMMENT ON COLUMN peerage.sip_account.created_at IS 'When the row was made.';

CREATE VIEW peerage.agent_reach AS
 SELECT session.id AS session_id,
    COALESCE(told.unreachable, ((device.host = 'dynamic'::text) AND (NOT contacts.is_dialled))) AS unreachable,
        CASE
            WHEN (told.unreachable IS NOT NULL) THEN told.nodes
            WHEN ((device.host = 'dynamic'::text) AND (NOT contacts.is_dialled)) THEN jsonb_build_array(jsonb_build_object('node', NULL::unknown, 'reason',
            CASE
                WHEN (contacts.live > 0) THEN 'transport'::text
                ELSE 'not_registered'::text
            END, 'detail', contacts.over))
            ELSE '[]'::jsonb
        END AS unreachable_at,
        CASE
            WHEN ((contacts.live = 0) AND (contacts.last_seen IS NOT NULL)) THEN contacts.last_seen
            ELSE told.since
        END AS lost_at
   FROM (((((peerage.agent_session session
     JOIN peerage.agent agent ON ((agent.id = session.agent_id)))
     JOIN peerage.sip_account own ON ((own.id = agent.account_id)))
     JOIN peerage.sip_account device ON ((device.number = split_part(session.interface, '/'::text, 2))))
     CROSS JOIN LATERAL ( SELECT count(*) AS known,
            count(*) FILTER (WHERE one.is_live) AS live,
            COALESCE(bool_or(one.is_dialled) FILTER (WHERE one.is_live), false) AS is_dialled,
            array_agg(DISTINCT one.node) FILTER (WHERE one.is_live) AS nodes,
            min(one.over) FILTER (WHERE (one.is_live AND (NOT one.is_dialled))) AS over,
            max(one.expires_at) AS last_seen
           FROM ( SELECT contact.node,
                    contact.expires_at,
                    (contact.expires_at > clock_timestamp()) AS is_live,
                    (contact.transport_listed OR (cardinality(device.transports) > 1)) AS is_dialled,
                    COALESCE("substring"(split_part(lower((contact.uri COLLATE "C")), '^3btransport='::text, 2), '^[a-z]+'::text),
                        CASE
                            WHEN (contact.uri ~~ 'sips:%'::text) THEN 'tls'::text
                            ELSE 'udp'::text
                        END) AS over
                   FROM peerage.sip_contact contact
                  WHERE ((contact.id >= (device.number || '^3B@'::text)) AND (contact.id < (device.number || '^3BA'::text)) AND (session.interface ~~ 'PJSIP/%'::text))
                UNION ALL
                 SELECT registration.node,
                    registration.expires_at,
                    (registration.expires_at > clock_timestamp()) AS is_live,
                    true AS is_dialled,
                    NULL::text AS over
                   FROM peerage.sip_peer registration
                  WHERE ((registration.number = device.number) AND (registration.expires_at IS NOT NULL) AND (session.interface ~~ 'SIP/%'::text))) one) contacts)
     LEFT JOIN LATERAL ( SELECT bool_and((NOT by_node.can_ring)) AS unreachable,
            COALESCE(jsonb_agg(jsonb_build_object('node', by_node.node, 'reason', by_node.reason, 'detail', by_node.detail) ORDER BY by_node.node) FILTER (WHERE (NOT by_node.can_ring)), '[]'::jsonb) AS nodes,
            max(by_node.since) FILTER (WHERE (NOT by_node.can_ring)) AS since
           FROM ( SELECT node.name AS node,
                    judged.can_ring,
                        CASE
                            WHEN (modules.missing IS NOT NULL) THEN report.changed_at
                            ELSE said.changed_at
                        END AS since,
                    reasons.reason,
                        CASE reasons.reason
                            WHEN 'module'::text THEN modules.missing
                            WHEN 'other_node'::text THEN array_to_string(contacts.nodes, ', '::text)
                            WHEN 'transport'::text THEN contacts.over
                            ELSE NULL::text
                        END AS detail
                   FROM ((((((peerage.node node
                     LEFT JOIN peerage.node_lease lease ON (((lease.node_id = node.id) AND (lease.expires_at > clock_timestamp()))))
                     LEFT JOIN peerage.node_report report ON (((report.node_id = node.id) AND (report.epoch = lease.epoch))))
                     LEFT JOIN peerage.node_device said ON (((said.node_id = report.node_id) AND (said.device = session.state_interface))))
                     CROSS JOIN LATERAL ( SELECT string_agg(module.module, ', '::text ORDER BY module.module) AS missing
                           FROM unnest(report.missing_modules) module(module)
                          WHERE (((module.module !~~ '%pjsip%'::text) AND (module.module !~~ '%sorcery%'::text) AND (module.module <> 'chan_sip.so'::text)) OR ((session.interface ~~ 'PJSIP/%'::text) AND (module.module <> 'chan_sip.so'::text)) OR ((session.interface ~~ 'SIP/%'::text) AND (module.module = 'chan_sip.so'::text)))) modules)
                     CROSS JOIN LATERAL ( SELECT
                                CASE
                                    WHEN (report.node_id IS NULL) THEN NULLIF(((node.name = ANY (contacts.nodes)) AND contacts.is_dialled), false)
                                    WHEN (modules.missing IS NOT NULL) THEN false
                                    WHEN (said.can_ring AND (session.interface ~~ 'PJSIP/%'::text) AND (device.host = 'dynamic'::text) AND (contacts.known = 0)) THEN false
                                    WHEN (said.can_ring AND (device.host = 'dynamic'::text) AND (contacts.live > 0)) THEN contacts.is_dialled
                                    ELSE said.can_ring
                                END AS can_ring) judged)
                     CROSS JOIN LATERAL ( SELECT
                                CASE
                                    WHEN (modules.missing IS NOT NULL) THEN 'module'::text
                                    WHEN (said.says = 'INVALID'::text) THEN 'unknown'::text
                                    WHEN (device.host <> 'dynamic'::text) THEN 'no_answer'::text
                                    WHEN (contacts.live = 0) THEN 'not_registered'::text
                                    WHEN (NOT contacts.is_dialled) THEN 'transport'::text
                                    WHEN (NOT (node.name = ANY (contacts.nodes))) THEN 'other_node'::text
                                    ELSE 'no_answer'::text
                                END AS reason) reasons)
                  WHERE (node.all_sites OR (EXISTS ( SELECT
                           FROM peerage.node_site served
                          WHERE ((served.login = node.login) AND (served.site_id = own.site_id)))))) by_node) told ON (true))
  WHERE (session.ended_at IS NULL);

COMMENT ON VIEW peerage.agent_reach IS 'Whether calls of queues reach the agents at work, by what the nodes say that serve them; where no node says anything, by the registrations of the device. Agents whose calls go outside are missing: nobody can tell.';

COMMENT ON COLUMN peerage.agent_reach.session_id IS 'The session.';

COMMENT ON COLUMN peerage.agent_reach.unreachable IS 'Whether no node can ring the device.';

COMMENT ON COLUMN peerage.agent_reach.unreachable_at IS 'The nodes that cannot: node (null when only the registrations say so), reason (not_registered, transport, other_node, no_answer, unknown, module) and detail. Not empty while some nodes can.';

COMMENT ON COLUMN peerage.agent_reach.lost_at IS 'Since when, as far as known.';

CREATE TABLE peerage.agent_request (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    kind text DEFAULT 'logout'::text NOT NULL,
    reason text,
    requested_by text NOT NULL,
    cause text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text,
    CONSTRAINT agent_request_cause_check CHECK ((cause = ANY (ARRAY['agent'::text, 'supervisor'::text, 'take_over'::text, 'disconnection'::text, 'admin'::text, 'removed'::text]))),
    CONSTRAINT agent_request_kind_check CHECK ((kind = 'logout'::text)),
    CONSTRAINT agent_request_outcome_check CHECK ((((outcome = ANY (ARRAY['done'::text, 'withdrawn'::text])) IS NOT FALSE) AND ((outcome IS NULL) = (ended_at IS NULL))))
);

COMMENT ON TABLE peerage.agent_request IS 'What is to be done when the call that is up has ended. It outlives restarts, and can be withdrawn.';

COMMENT ON COLUMN peerage.agent_request.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_request.session_id IS 'The session.';

COMMENT ON COLUMN peerage.agent_request.kind IS 'logout.';

COMMENT ON COLUMN peerage.agent_request.reason IS 'What was said about it; null for nothing.';

COMMENT ON COLUMN peerage.agent_request.requested_by IS 'Who asked.';

COMMENT ON COLUMN peerage.agent_request.cause IS 'End cause of the session when it is done.';

COMMENT ON COLUMN peerage.agent_request.requested_at IS 'When.';

COMMENT ON COLUMN peerage.agent_request.ended_at IS 'When it was done or withdrawn; null while it waits.';

COMMENT ON COLUMN peerage.agent_request.outcome IS 'done or withdrawn; null while it waits.';

ALTER TABLE peerage.agent_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE peerage.agent_session ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.agent_state (
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    state text NOT NULL,
    reason text,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT agent_state_ended_at_check CHECK ((ended_at >= began_at)),
    CONSTRAINT agent_state_reason_check CHECK (((reason IS NULL) OR (state = 'paused'::text))),
    CONSTRAINT agent_state_state_check CHECK ((state = ANY (ARRAY['available'::text, 'paused'::text, 'partly_paused'::text])))
);

COMMENT ON TABLE peerage.agent_state IS 'The timeline: each instant of a session is in exactly one row. Kept by peerage.settle.';

COMMENT ON COLUMN peerage.agent_state.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.agent_state.session_id IS 'The session.';

COMMENT ON COLUMN peerage.agent_state.state IS 'available, paused, or partly_paused (some of the queues).';

COMMENT ON COLUMN peerage.agent_state.reason IS 'Reason of the pause as written; null when none was given or the queues differ.';

COMMENT ON COLUMN peerage.agent_state.began_at IS 'From when.';

COMMENT ON COLUMN peerage.agent_state.ended_at IS 'Until when; null while it lasts.';

ALTER TABLE peerage.agent_state ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.agent_state_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.api_token (
    id bigint NOT NULL,
    name text NOT NULL,
    token_digest text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    login_id bigint,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT api_token_name_check CHECK (
CASE
    WHEN (name ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$'::text) THEN true
    ELSE peerage.refuse('api_token'::text, 'api_token_name_check'::text, 'name'::text, name, '1 to 64 letters, digits, `.`, `_` or `-`, a letter or digit first'::text)
END),
    CONSTRAINT api_token_role_check CHECK (
CASE
    WHEN (role = ANY (ARRAY['admin'::text, 'supervisor'::text, 'agent'::text])) THEN true
    ELSE peerage.refuse('api_token'::text, 'api_token_role_check'::text, 'role'::text, role, 'one of admin, supervisor, agent'::text)
END),
    CONSTRAINT api_token_role_login_id_check CHECK (
CASE
    WHEN ((role = 'admin'::text) OR (login_id IS NOT NULL)) THEN true
    ELSE peerage.refuse('api_token'::text, 'api_token_role_login_id_check'::text, 'role'::text, role, 'a token of this role belongs to a user, whose queues or agent it is for'::text)
END),
    CONSTRAINT api_token_token_digest_check CHECK ((token_digest ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON TABLE peerage.api_token IS 'Lets a program in. The token itself is shown once and kept nowhere.';

COMMENT ON COLUMN peerage.api_token.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.api_token.name IS 'What it is for.';

COMMENT ON COLUMN peerage.api_token.token_digest IS 'SHA-256 of the token, in hex.';

COMMENT ON COLUMN peerage.api_token.role IS 'What it may do: admin, supervisor or agent; never more than its user may.';

COMMENT ON COLUMN peerage.api_token.login_id IS 'The user for whom it acts; null for none (admin only).';

COMMENT ON COLUMN peerage.api_token.expires_at IS 'Until when it lets in; null for ever.';

COMMENT ON COLUMN peerage.api_token.used_at IS 'Last use, to about a minute; null for never.';

COMMENT ON COLUMN peerage.api_token.created_at IS 'When it was made.';

ALTER TABLE peerage.api_token ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.api_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    address text,
    relation text NOT NULL COLLATE pg_catalog."C",
    row_id bigint NOT NULL,
    subject text COLLATE pg_catalog."C",
    operation text NOT NULL,
    before jsonb,
    after jsonb,
    CONSTRAINT audit_entry_operation_check CHECK ((operation = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text])))
);

COMMENT ON TABLE peerage.audit_entry IS 'Changes of configuration, one row for each row changed. Secrets stand in it as `set` or `changed`, never as digests.';

COMMENT ON COLUMN peerage.audit_entry.id IS 'Order of the changes.';

COMMENT ON COLUMN peerage.audit_entry.at IS 'When it was changed.';

COMMENT ON COLUMN peerage.audit_entry.actor IS 'Who changed it: the setting peerage.actor, else the database user with its application name.';

COMMENT ON COLUMN peerage.audit_entry.address IS 'Where a request to the service came from; null for everything else.';

COMMENT ON COLUMN peerage.audit_entry.relation IS 'Table of schema peerage.';

COMMENT ON COLUMN peerage.audit_entry.row_id IS 'id of the row.';

COMMENT ON COLUMN peerage.audit_entry.subject IS 'Number, name or user name of the row at that time.';

COMMENT ON COLUMN peerage.audit_entry.operation IS 'insert, update or delete.';

COMMENT ON COLUMN peerage.audit_entry.before IS 'Values before: the whole row on delete, the changed columns on update.';

COMMENT ON COLUMN peerage.audit_entry.after IS 'Values after: the whole row on insert, the changed columns on update.';

ALTER TABLE peerage.audit_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW peerage.call_now AS
 SELECT call.agent_id,
    min(call.since) FILTER (WHERE ((call.state = 'on_call'::text) AND (lease.expires_at > clock_timestamp()))) AS up_since,
    min(call.since) FILTER (WHERE ((call.state = 'ringing'::text) AND (lease.expires_at > clock_timestamp()))) AS ringing_since,
    max(call.ended_at) AS ended_at
   FROM (peerage.agent_call call
     LEFT JOIN peerage.node_lease lease ON ((lease.node_id = call.node_id)))
  GROUP BY call.agent_id;

COMMENT ON VIEW peerage.call_now IS 'The calls of agents over all nodes: what a node that nobody leads had last is not known to be so still.';

COMMENT ON COLUMN peerage.call_now.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.call_now.up_since IS 'Since when a call is up; null when none is.';

COMMENT ON COLUMN peerage.call_now.ringing_since IS 'Since when a call rings; null when none does.';

COMMENT ON COLUMN peerage.call_now.ended_at IS 'When the last call that was up ended; null when none was seen.';

CREATE TABLE peerage.client_log (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    level text NOT NULL,
    event text NOT NULL,
    detail text,
    client_at timestamp with time zone,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT client_log_detail_check CHECK (
CASE
    WHEN ((detail IS NULL) OR ((char_length(detail) >= 1) AND (char_length(detail) <= 4000))) THEN true
    ELSE peerage.refuse('client_log'::text, 'client_log_detail_check'::text, 'detail'::text, "left"(detail, 40), '1 to 4000 characters'::text)
END),
    CONSTRAINT client_log_event_check CHECK (
CASE
    WHEN ((char_length(event) >= 1) AND (char_length(event) <= 200)) THEN true
    ELSE peerage.refuse('client_log'::text, 'client_log_event_check'::text, 'event'::text, "left"(event, 40), '1 to 200 characters'::text)
END),
    CONSTRAINT client_log_level_check CHECK (
CASE
    WHEN (level = ANY (ARRAY['error'::text, 'warning'::text, 'info'::text, 'debug'::text])) THEN true
    ELSE peerage.refuse('client_log'::text, 'client_log_level_check'::text, 'level'::text, level, 'one of error, warning, info, debug'::text)
END)
);

COMMENT ON TABLE peerage.client_log IS 'What agents'' pages report, at the level set for the agent. Removed by age.';

COMMENT ON COLUMN peerage.client_log.id IS 'Order of arrival.';

COMMENT ON COLUMN peerage.client_log.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.client_log.level IS 'error, warning, info or debug.';

COMMENT ON COLUMN peerage.client_log.event IS 'What happened.';

COMMENT ON COLUMN peerage.client_log.detail IS 'More about it; null for nothing.';

COMMENT ON COLUMN peerage.client_log.client_at IS 'When, by the browser''s clock; null when it did not say.';

COMMENT ON COLUMN peerage.client_log.received_at IS 'When it arrived.';

ALTER TABLE peerage.client_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.client_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.console_session (
    id bigint NOT NULL,
    token_digest text NOT NULL COLLATE pg_catalog."C",
    login_id bigint NOT NULL,
    address text,
    user_agent text,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    end_cause text,
    CONSTRAINT console_session_end_cause_check CHECK ((end_cause = ANY (ARRAY['signed_out'::text, 'signed_in_elsewhere'::text, 'expired'::text, 'password_changed'::text, 'disabled'::text]))),
    CONSTRAINT console_session_ended_at_check CHECK ((num_nulls(ended_at, end_cause) = ANY (ARRAY[0, 2]))),
    CONSTRAINT console_session_token_digest_check CHECK ((token_digest ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON TABLE peerage.console_session IS 'A browser that is signed in. Not an agent''s session: that one goes on when the browser is gone.';

COMMENT ON COLUMN peerage.console_session.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.console_session.token_digest IS 'SHA-256 of the cookie''s value, in hex: who reads this table cannot sign in with it.';

COMMENT ON COLUMN peerage.console_session.login_id IS 'Who signed in.';

COMMENT ON COLUMN peerage.console_session.address IS 'From where; null when not known.';

COMMENT ON COLUMN peerage.console_session.user_agent IS 'What the browser calls itself, cut to 200 characters; null when it says nothing.';

COMMENT ON COLUMN peerage.console_session.began_at IS 'Sign-in.';

COMMENT ON COLUMN peerage.console_session.seen_at IS 'Last request, to about a minute.';

COMMENT ON COLUMN peerage.console_session.ended_at IS 'When it ended; null while it holds.';

COMMENT ON COLUMN peerage.console_session.end_cause IS 'signed_out, signed_in_elsewhere (the same agent in another browser), expired, password_changed or disabled; null while it holds.';

ALTER TABLE peerage.console_session ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.console_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.country (
    code text NOT NULL,
    name text NOT NULL,
    calling_code text NOT NULL,
    numbers text NOT NULL
);

COMMENT ON TABLE peerage.country IS 'Countries with their fixed-line and mobile numbers. Made from the metadata of libphonenumber 9.0.43 (Apache License 2.0); emergency, premium-rate, shared-cost and other special numbers are not among them.';

COMMENT ON COLUMN peerage.country.code IS 'ISO 3166, two letters.';

COMMENT ON COLUMN peerage.country.name IS 'Name in English.';

COMMENT ON COLUMN peerage.country.calling_code IS 'Country calling code (ITU-T E.164).';

COMMENT ON COLUMN peerage.country.numbers IS 'Regular expression of its fixed-line and mobile numbers: after `+` or the international prefix with the calling code, or as dialled inside the country.';

CREATE VIEW peerage.device_registration AS
 SELECT account.id AS account_id,
    account.number,
    'pjsip'::text AS driver,
    contact.node,
    contact.uri,
    contact.transport_listed,
    contact.registered_at,
    contact.expires_at
   FROM (peerage.sip_account account
     JOIN peerage.sip_contact contact ON (((contact.id >= (account.number || '^3B@'::text)) AND (contact.id < (account.number || '^3BA'::text)))))
UNION ALL
 SELECT account.id AS account_id,
    account.number,
    'chan_sip'::text AS driver,
    registration.node,
    NULL::text AS uri,
    true AS transport_listed,
    registration.registered_at,
    registration.expires_at
   FROM (peerage.sip_account account
     JOIN peerage.sip_peer registration ON ((registration.number = account.number)))
  WHERE (registration.expires_at IS NOT NULL);

COMMENT ON VIEW peerage.device_registration IS 'Where accounts are registered, or were last, with either driver. Live is what expires later than now.';

COMMENT ON COLUMN peerage.device_registration.account_id IS 'The account.';

COMMENT ON COLUMN peerage.device_registration.number IS 'Its number.';

COMMENT ON COLUMN peerage.device_registration.driver IS 'pjsip or chan_sip.';

COMMENT ON COLUMN peerage.device_registration.node IS 'The node that last wrote it.';

COMMENT ON COLUMN peerage.device_registration.uri IS 'Contact URI as PJSIP wrote it; null for chan_sip.';

COMMENT ON COLUMN peerage.device_registration.transport_listed IS 'Whether the account lists the transport; chan_sip accepts no other.';

COMMENT ON COLUMN peerage.device_registration.registered_at IS 'When it was bound.';

COMMENT ON COLUMN peerage.device_registration.expires_at IS 'When it expires, or did.';

CREATE TABLE peerage.interface_lock (
    slot integer NOT NULL
);

COMMENT ON TABLE peerage.interface_lock IS 'One row for each lock that a login may take on the interface that rings; its hash says which.';

COMMENT ON COLUMN peerage.interface_lock.slot IS '0 to 1023.';

CREATE TABLE peerage.login_account (
    id bigint NOT NULL,
    username text NOT NULL,
    password_hash text,
    role text NOT NULL,
    agent_id bigint,
    disabled boolean DEFAULT false NOT NULL,
    failed_sign_ins integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT login_account_failed_sign_ins_check CHECK (
CASE
    WHEN (failed_sign_ins >= 0) THEN true
    ELSE peerage.refuse('login_account'::text, 'login_account_failed_sign_ins_check'::text, 'failed_sign_ins'::text, (failed_sign_ins)::text, '0 or more'::text)
END),
    CONSTRAINT login_account_password_hash_check CHECK (
CASE
    WHEN ((password_hash IS NULL) OR (password_hash ~~ '$argon2id$%'::text)) THEN true
    ELSE peerage.refuse('login_account'::text, 'login_account_password_hash_check'::text, 'password_hash'::text, '***'::text, 'an argon2id hash'::text)
END),
    CONSTRAINT login_account_role_agent_id_check CHECK (
CASE
    WHEN ((role <> 'agent'::text) OR (agent_id IS NOT NULL)) THEN true
    ELSE peerage.refuse('login_account'::text, 'login_account_role_agent_id_check'::text, 'role'::text, role, 'an account of this role belongs to an agent'::text)
END),
    CONSTRAINT login_account_role_check CHECK (
CASE
    WHEN (role = ANY (ARRAY['admin'::text, 'supervisor'::text, 'agent'::text])) THEN true
    ELSE peerage.refuse('login_account'::text, 'login_account_role_check'::text, 'role'::text, role, 'one of admin, supervisor, agent'::text)
END),
    CONSTRAINT login_account_username_check CHECK (
CASE
    WHEN (username ~ '^[0-9A-Za-z._]{1,64}$'::text) THEN true
    ELSE peerage.refuse('login_account'::text, 'login_account_username_check'::text, 'username'::text, username, '1 to 64 letters, digits, `.` or `_`'::text)
END)
);

COMMENT ON TABLE peerage.login_account IS 'Who signs in to the console or the interface for programs.';

COMMENT ON COLUMN peerage.login_account.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.login_account.username IS 'Name to sign in with.';

COMMENT ON COLUMN peerage.login_account.password_hash IS 'argon2id hash of the password; null when none may sign in by password.';

COMMENT ON COLUMN peerage.login_account.role IS 'admin, supervisor or agent.';

COMMENT ON COLUMN peerage.login_account.agent_id IS 'The agent it belongs to; null for none.';

COMMENT ON COLUMN peerage.login_account.disabled IS 'Whether it may not sign in.';

COMMENT ON COLUMN peerage.login_account.failed_sign_ins IS 'Failures since the last success.';

COMMENT ON COLUMN peerage.login_account.locked_until IS 'When it may try again; null when not locked.';

COMMENT ON COLUMN peerage.login_account.created_at IS 'When the row was made.';

ALTER TABLE peerage.login_account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.login_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.node_address (
    node_id bigint NOT NULL,
    address cidr NOT NULL
);

COMMENT ON TABLE peerage.node_address IS 'Addresses of the nodes, as their configuration was last written. No telephone may register at one.';

COMMENT ON COLUMN peerage.node_address.node_id IS 'The node.';

COMMENT ON COLUMN peerage.node_address.address IS 'An address or a network of the node.';

ALTER TABLE peerage.node ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.node_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.node_service (
    node_id bigint NOT NULL,
    service text NOT NULL COLLATE pg_catalog."C",
    service_name text NOT NULL,
    is_able boolean NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT node_service_length_check CHECK ((((length(service) >= 1) AND (length(service) <= 64)) AND ((length(service_name) >= 1) AND (length(service_name) <= 200))))
);

COMMENT ON TABLE peerage.node_service IS 'The services that can lead a node: who leads and whose link is down gives way to one whose link is up.';

COMMENT ON COLUMN peerage.node_service.node_id IS 'The node.';

COMMENT ON COLUMN peerage.node_service.service IS 'The service, as in node_lease.';

COMMENT ON COLUMN peerage.node_service.service_name IS 'The same for people.';

COMMENT ON COLUMN peerage.node_service.is_able IS 'Whether its link to the node is up, or was a moment ago.';

COMMENT ON COLUMN peerage.node_service.seen_at IS 'When it last said so.';

ALTER TABLE peerage.node_site ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.node_site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.pause_order (
    id bigint NOT NULL,
    node text NOT NULL,
    queue_name text NOT NULL COLLATE pg_catalog."C",
    interface text NOT NULL COLLATE pg_catalog."C",
    uniqueid text NOT NULL COLLATE pg_catalog."C",
    paused text NOT NULL,
    reason text,
    ordered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pause_order_paused_check CHECK ((paused = ANY (ARRAY['0'::text, '1'::text]))),
    CONSTRAINT pause_order_reason_check CHECK (((reason IS NULL) OR (paused = '1'::text)))
);

COMMENT ON TABLE peerage.pause_order IS 'Orders to pause or unpause a member that a node may still carry out. A row goes with the order''s echo, when it is known that there will be none, or by age.';

COMMENT ON COLUMN peerage.pause_order.id IS 'In the order of sending.';

COMMENT ON COLUMN peerage.pause_order.node IS 'The node.';

COMMENT ON COLUMN peerage.pause_order.queue_name IS 'The queue, as it was called then.';

COMMENT ON COLUMN peerage.pause_order.interface IS 'The member''s interface.';

COMMENT ON COLUMN peerage.pause_order.uniqueid IS 'The member that was meant.';

COMMENT ON COLUMN peerage.pause_order.paused IS '0 or 1.';

COMMENT ON COLUMN peerage.pause_order.reason IS 'The reason; null when there is none.';

COMMENT ON COLUMN peerage.pause_order.ordered_at IS 'Just before it was sent.';

ALTER TABLE peerage.pause_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.pause_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.pause_reason (
    id bigint NOT NULL,
    code text NOT NULL,
    label text NOT NULL,
    productive boolean DEFAULT false NOT NULL,
    max_seconds integer,
    selectable boolean DEFAULT true NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    system boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pause_reason_code_check CHECK (
CASE
    WHEN (code ~ '^[0-9A-Za-z_-]{1,40}$'::text) THEN true
    ELSE peerage.refuse('pause_reason'::text, 'pause_reason_code_check'::text, 'code'::text, code, '1 to 40 letters, digits, `_` or `-`'::text)
END),
    CONSTRAINT pause_reason_is_default_check CHECK (
CASE
    WHEN (selectable OR (NOT is_default)) THEN true
    ELSE peerage.refuse('pause_reason'::text, 'pause_reason_is_default_check'::text, 'is_default'::text, 'yes'::text, 'the default reason must be one that is offered'::text)
END),
    CONSTRAINT pause_reason_label_check CHECK (
CASE
    WHEN (((char_length(label) >= 1) AND (char_length(label) <= 80)) AND (label !~ '[\u0001-\u001f\u007f-\u009f]'::text)) THEN true
    ELSE peerage.refuse('pause_reason'::text, 'pause_reason_label_check'::text, 'label'::text, label, '1 to 80 characters, no control characters'::text)
END),
    CONSTRAINT pause_reason_max_seconds_check CHECK (
CASE
    WHEN ((max_seconds IS NULL) OR ((max_seconds >= 1) AND (max_seconds <= 86400))) THEN true
    ELSE peerage.refuse('pause_reason'::text, 'pause_reason_max_seconds_check'::text, 'max_seconds'::text, (max_seconds)::text, '1 to 86400 seconds'::text)
END),
    CONSTRAINT pause_reason_system_check CHECK (
CASE
    WHEN (NOT (system AND (selectable OR is_default))) THEN true
    ELSE peerage.refuse('pause_reason'::text, 'pause_reason_system_check'::text, 'selectable'::text, 'yes'::text, 'a reason of the system is never offered'::text)
END)
);

COMMENT ON TABLE peerage.pause_reason IS 'Why an agent pauses.';

COMMENT ON COLUMN peerage.pause_reason.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.pause_reason.code IS 'What Asterisk and its logs read.';

COMMENT ON COLUMN peerage.pause_reason.label IS 'What people read.';

COMMENT ON COLUMN peerage.pause_reason.productive IS 'Whether it counts as work.';

COMMENT ON COLUMN peerage.pause_reason.max_seconds IS 'Longest it should last; null for no limit.';

COMMENT ON COLUMN peerage.pause_reason.selectable IS 'Whether agents are offered it.';

COMMENT ON COLUMN peerage.pause_reason.is_default IS 'Whether it is meant when none is given; at most one.';

COMMENT ON COLUMN peerage.pause_reason.system IS 'Whether Peerage itself gives it: never offered.';

COMMENT ON COLUMN peerage.pause_reason.created_at IS 'When the row was made.';

ALTER TABLE peerage.pause_reason ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.pause_reason_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.pause_seen (
    uniqueid text NOT NULL COLLATE pg_catalog."C",
    node text NOT NULL,
    paused text NOT NULL,
    reason text,
    CONSTRAINT pause_seen_paused_check CHECK ((paused = ANY (ARRAY['0'::text, '1'::text]))),
    CONSTRAINT pause_seen_reason_check CHECK (((reason IS NULL) OR (paused = '1'::text)))
);

COMMENT ON TABLE peerage.pause_seen IS 'What a node last said of a member''s pause; without a row it has said nothing, which is as good as not paused. Where it differs from queue_login, an order is due.';

COMMENT ON COLUMN peerage.pause_seen.uniqueid IS 'The member.';

COMMENT ON COLUMN peerage.pause_seen.node IS 'The node.';

COMMENT ON COLUMN peerage.pause_seen.paused IS '0 or 1.';

COMMENT ON COLUMN peerage.pause_seen.reason IS 'The reason; null when there is none.';

CREATE TABLE peerage.phone (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    account_kind text DEFAULT 'phone'::text NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    full_name text NOT NULL,
    emergency_callerid text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT phone_account_kind_check CHECK ((account_kind = 'phone'::text)),
    CONSTRAINT phone_emergency_callerid_check CHECK (
CASE
    WHEN ((emergency_callerid IS NULL) OR (emergency_callerid ~ '^[0-9A-Za-z*#+._-]{1,40}$'::text)) THEN true
    ELSE peerage.refuse('phone'::text, 'phone_emergency_callerid_check'::text, 'emergency_callerid'::text, emergency_callerid, '1 to 40 letters, digits or `*#+._-`'::text)
END),
    CONSTRAINT phone_full_name_check CHECK (
CASE
    WHEN (((char_length(full_name) >= 1) AND (char_length(full_name) <= 80)) AND (full_name !~ '[\u0001-\u001f\u007f-\u009f]|^ | $'::text)) THEN true
    ELSE peerage.refuse('phone'::text, 'phone_full_name_check'::text, 'full_name'::text, full_name, '1 to 80 characters, no control characters, no blanks at its ends'::text)
END)
);

COMMENT ON TABLE peerage.phone IS 'A telephone that stands somewhere and that hot-desking agents may take.';

COMMENT ON COLUMN peerage.phone.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.phone.account_id IS 'SIP account.';

COMMENT ON COLUMN peerage.phone.account_kind IS 'Always phone: keeps an account from belonging to an agent and a telephone at once.';

COMMENT ON COLUMN peerage.phone.number IS 'Number of the account; follows it.';

COMMENT ON COLUMN peerage.phone.full_name IS 'Name as people read it, such as its place.';

COMMENT ON COLUMN peerage.phone.emergency_callerid IS 'Caller id number for emergency calls, which tells where it stands; null for the site''s.';

COMMENT ON COLUMN peerage.phone.created_at IS 'When the row was made.';

ALTER TABLE peerage.phone ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.phone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.sip_secret (
    id bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    realm text NOT NULL,
    md5 text NOT NULL,
    sha256 text NOT NULL,
    weak boolean DEFAULT false NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sip_secret_md5_check CHECK (
CASE
    WHEN ((md5 ~ '^[0-9a-f]+$'::text) AND (octet_length(md5) = 32)) THEN true
    ELSE peerage.refuse('sip_secret'::text, 'sip_secret_md5_check'::text, 'md5'::text, '***'::text, 'the MD5 of number:realm:secret, 32 lower-case hexadecimal digits'::text)
END),
    CONSTRAINT sip_secret_realm_check CHECK (
CASE
    WHEN ((realm ~ '^[0-9A-Za-z_.-]+$'::text) AND (octet_length(realm) <= 79)) THEN true
    ELSE peerage.refuse('sip_secret'::text, 'sip_secret_realm_check'::text, 'realm'::text, realm, '1 to 79 letters, digits, `_`, `.` or `-`'::text)
END),
    CONSTRAINT sip_secret_sha256_check CHECK (
CASE
    WHEN ((sha256 ~ '^[0-9a-f]+$'::text) AND (octet_length(sha256) = 64)) THEN true
    ELSE peerage.refuse('sip_secret'::text, 'sip_secret_sha256_check'::text, 'sha256'::text, '***'::text, 'the SHA-256 of number:realm:secret, 64 lower-case hexadecimal digits'::text)
END)
);

COMMENT ON TABLE peerage.sip_secret IS 'Digests of the SIP secret of an account. The secret itself is nowhere. An account without one is not served to Asterisk.';

COMMENT ON COLUMN peerage.sip_secret.id IS 'The account.';

COMMENT ON COLUMN peerage.sip_secret.number IS 'The number for which the digests were made. A change of the account''s number is refused at commit unless they are made anew.';

COMMENT ON COLUMN peerage.sip_secret.realm IS 'Realm for which the digests were made.';

COMMENT ON COLUMN peerage.sip_secret.md5 IS 'MD5 of number:realm:secret, hexadecimal (RFC 7616 section 3.4.2).';

COMMENT ON COLUMN peerage.sip_secret.sha256 IS 'SHA-256 of number:realm:secret, hexadecimal (RFC 8760).';

COMMENT ON COLUMN peerage.sip_secret.weak IS 'Whether the secret is one that guessers try first, taken on purpose by an import, and to be renewed.';

COMMENT ON COLUMN peerage.sip_secret.changed_at IS 'When the secret was last changed.';

CREATE VIEW peerage.pjsip_aor_mapping AS
 SELECT account.number,
        CASE
            WHEN (account.host = 'dynamic'::text) THEN (account.max_contacts)::text
            ELSE '0'::text
        END AS max_contacts,
        CASE
            WHEN (account.host = 'dynamic'::text) THEN 'yes'::text
            ELSE 'no'::text
        END AS remove_existing,
    (account.qualify_seconds)::text AS qualify_frequency,
        CASE
            WHEN (account.host <> 'dynamic'::text) THEN ((((('sip:'::text || account.number) || '@'::text) ||
            CASE
                WHEN (account.host ~~ '%:%'::text) THEN (('['::text || account.host) || ']'::text)
                ELSE account.host
            END) || '^3Btransport='::text) || account.transports[LEAST(array_position(account.transports, 'udp'::text), array_position(account.transports, 'tcp'::text), array_position(account.transports, 'tls'::text))])
            ELSE NULL::text
        END AS contact,
    account.site_id
   FROM (peerage.sip_account account
     JOIN peerage.sip_secret secret ON ((secret.id = account.id)))
  WHERE ((NOT account.disabled) AND (account.type <> 'user'::text));

COMMENT ON VIEW peerage.pjsip_aor_mapping IS 'The mapping behind peerage.pjsip_aor, computed from the accounts as they stand.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.number IS 'Number of the account: the AORs id.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.max_contacts IS 'Most contacts at once; 0 (no registration) for a fixed host.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.remove_existing IS 'yes when it registers: else a phone that comes back from a new port is refused.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.qualify_frequency IS 'Seconds between OPTIONS requests; 0 is off.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.contact IS 'URI of a fixed host, with `;` coded (a raw one makes the AOR vanish); null when it registers. Asterisk cannot open a WebSocket, so the transport is the first of udp, tcp, tls.';

COMMENT ON COLUMN peerage.pjsip_aor_mapping.site_id IS 'Site of the account.';

CREATE TABLE peerage.site (
    id bigint NOT NULL,
    name text NOT NULL,
    driver text DEFAULT 'pjsip'::text NOT NULL,
    realm text DEFAULT 'asterisk'::text NOT NULL,
    offer_sha256 boolean DEFAULT false NOT NULL,
    rtcachefriends boolean DEFAULT true NOT NULL,
    conflict_policy text DEFAULT 'deny'::text NOT NULL,
    disconnection_timeout_seconds integer DEFAULT 300 NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    emergency_callerid text,
    country text,
    outside_numbers text[],
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT site_conflict_policy_check CHECK (
CASE
    WHEN (conflict_policy = ANY (ARRAY['deny'::text, 'take_over'::text])) THEN true
    ELSE peerage.refuse('site'::text, 'site_conflict_policy_check'::text, 'conflict_policy'::text, conflict_policy, 'one of deny, take_over'::text)
END),
    CONSTRAINT site_country_check CHECK (
CASE
    WHEN ((country IS NULL) OR (country ~ '^[A-Z]{2}$'::text)) THEN true
    ELSE peerage.refuse('site'::text, 'site_country_check'::text, 'country'::text, country, 'the two capital letters of a country (ISO 3166), such as IT'::text)
END),
    CONSTRAINT site_disconnection_timeout_seconds_check CHECK (
CASE
    WHEN ((disconnection_timeout_seconds >= 0) AND (disconnection_timeout_seconds <= 86400)) THEN true
    ELSE peerage.refuse('site'::text, 'site_disconnection_timeout_seconds_check'::text, 'disconnection_timeout_seconds'::text, (disconnection_timeout_seconds)::text, '0 to 86400 seconds; 0 is never'::text)
END),
    CONSTRAINT site_driver_check CHECK (
CASE
    WHEN (driver = ANY (ARRAY['pjsip'::text, 'sip'::text])) THEN true
    ELSE peerage.refuse('site'::text, 'site_driver_check'::text, 'driver'::text, driver, 'one of pjsip, sip'::text)
END),
    CONSTRAINT site_emergency_callerid_check CHECK (
CASE
    WHEN ((emergency_callerid IS NULL) OR (emergency_callerid ~ '^[0-9A-Za-z*#+._-]{1,40}$'::text)) THEN true
    ELSE peerage.refuse('site'::text, 'site_emergency_callerid_check'::text, 'emergency_callerid'::text, emergency_callerid, '1 to 40 letters, digits or `*#+._-`'::text)
END),
    CONSTRAINT site_name_check CHECK (
CASE
    WHEN (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text) THEN true
    ELSE peerage.refuse('site'::text, 'site_name_check'::text, 'name'::text, name, 'a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`'::text)
END),
    CONSTRAINT site_outside_numbers_check CHECK (
CASE
    WHEN ((outside_numbers IS NULL) OR peerage.are_number_patterns(outside_numbers)) THEN true
    ELSE peerage.refuse('site'::text, 'site_outside_numbers_check'::text, 'outside_numbers'::text, array_to_string(outside_numbers, ','::text, '?'::text), 'patterns of numbers, none twice: digits, `*`, `#`; `X` for 0-9, `Z` for 1-9, `N` for 2-9, `[357]` for one of these; `+` in front and `.` for further digits at the end'::text)
END),
    CONSTRAINT site_realm_check CHECK (
CASE
    WHEN (realm ~ '^[0-9A-Za-z_.-]{1,79}$'::text) THEN true
    ELSE peerage.refuse('site'::text, 'site_realm_check'::text, 'realm'::text, realm, '1 to 79 letters, digits, `_`, `.` or `-`'::text)
END),
    CONSTRAINT site_time_zone_check CHECK (
CASE
    WHEN (time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$'::text) THEN true
    ELSE peerage.refuse('site'::text, 'site_time_zone_check'::text, 'time_zone'::text, time_zone, 'the name of a time zone, such as Europe/Rome'::text)
END)
);

COMMENT ON TABLE peerage.site IS 'A place with its own policy. Each agent and telephone belongs to one; the first is named `default`.';

COMMENT ON COLUMN peerage.site.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.site.name IS 'Name used on the command line.';

COMMENT ON COLUMN peerage.site.driver IS 'SIP channel driver of the Asterisk nodes here: pjsip, or sip (chan_sip, Asterisk up to 20).';

COMMENT ON COLUMN peerage.site.realm IS 'Realm for which new secrets are digested; must equal `realm` of sip.conf. A change leaves existing digests as they are.';

COMMENT ON COLUMN peerage.site.offer_sha256 IS 'Whether PJSIP offers SHA-256 before MD5 (RFC 8760; Asterisk 20.12, 21.7, 22.2 and later).';

COMMENT ON COLUMN peerage.site.rtcachefriends IS 'Whether the chan_sip nodes here keep peers in memory (rtcachefriends of sip.conf). Without it chan_sip cannot qualify, and warns of each peer that asks for it.';

COMMENT ON COLUMN peerage.site.conflict_policy IS 'What a login onto a busy telephone does: deny, or take_over.';

COMMENT ON COLUMN peerage.site.disconnection_timeout_seconds IS 'Seconds after which an agent whose page is gone is logged out; 0 is never.';

COMMENT ON COLUMN peerage.site.time_zone IS 'Time zone in which reports are read.';

COMMENT ON COLUMN peerage.site.emergency_callerid IS 'Caller id number for emergency calls; null when the telephone''s own is right.';

COMMENT ON COLUMN peerage.site.country IS 'Country whose fixed-line and mobile numbers agents'' phone and mobile may be, unless outside_numbers says otherwise: ISO 3166, two letters. Null: none.';

COMMENT ON COLUMN peerage.site.outside_numbers IS 'Patterns of the numbers that agents'' phone and mobile may be, in place of the country''s. Null: the country''s.';

COMMENT ON COLUMN peerage.site.created_at IS 'When the row was made.';

CREATE VIEW peerage.pjsip_auth_mapping AS
 SELECT account.number,
    secret.md5 AS md5_cred,
    secret.realm,
        CASE
            WHEN site.offer_sha256 THEN ('SHA-256:'::text || secret.sha256)
            ELSE NULL::text
        END AS password_digest,
        CASE
            WHEN site.offer_sha256 THEN 'SHA-256,MD5'::text
            ELSE NULL::text
        END AS supported_algorithms_uas,
    account.site_id
   FROM ((peerage.sip_account account
     JOIN peerage.sip_secret secret ON ((secret.id = account.id)))
     JOIN peerage.site site ON ((site.id = account.site_id)))
  WHERE (NOT account.disabled);

COMMENT ON VIEW peerage.pjsip_auth_mapping IS 'The mapping behind peerage.pjsip_auth, computed from the accounts as they stand.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.number IS 'Number of the account: the auths id.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.md5_cred IS 'MD5 of number:realm:secret.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.realm IS 'Realm the digests were made for.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.password_digest IS 'SHA-256 digest where the site offers it; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.supported_algorithms_uas IS 'Algorithms in order where the site offers SHA-256; null otherwise: one listed without its digest loses the auth.';

COMMENT ON COLUMN peerage.pjsip_auth_mapping.site_id IS 'Site of the account.';

CREATE VIEW peerage.pjsip_endpoint_mapping AS
 SELECT account.number,
        CASE
            WHEN (cardinality(account.transports) = 1) THEN ('transport-'::text || account.transports[1])
            ELSE NULL::text
        END AS transport,
        CASE
            WHEN (account.type <> 'user'::text) THEN account.number
            ELSE NULL::text
        END AS aors,
    account.context,
    (array_to_string(account.codecs, ','::text) ||
        CASE
            WHEN account.video THEN ',h264'::text
            ELSE ''::text
        END) AS allow,
        CASE
            WHEN ((account.host = 'dynamic'::text) OR (account.type = 'user'::text)) THEN 'username'::text
            WHEN (account.type = 'peer'::text) THEN 'ip'::text
            ELSE 'username,ip'::text
        END AS identify_by,
        CASE
            WHEN (account.nat = ANY (ARRAY['yes'::text, 'route'::text, 'force_rport'::text])) THEN 'yes'::text
            ELSE 'no'::text
        END AS force_rport,
        CASE
            WHEN (account.nat = ANY (ARRAY['yes'::text, 'route'::text, 'force_rport'::text])) THEN 'yes'::text
            ELSE 'no'::text
        END AS rewrite_contact,
        CASE
            WHEN (account.nat = ANY (ARRAY['yes'::text, 'route'::text, 'comedia'::text])) THEN 'yes'::text
            ELSE 'no'::text
        END AS rtp_symmetric,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'yes'::text
            ELSE 'no'::text
        END AS webrtc,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'dtls'::text
            WHEN account.encryption THEN 'sdes'::text
            ELSE 'no'::text
        END AS media_encryption,
    peerage.wire_callerid(account.callerid_name, account.callerid_number, account.number) AS callerid,
    NULLIF(array_to_string(account.call_groups, ','::text), ''::text) AS call_group,
    NULLIF(array_to_string(account.pickup_groups, ','::text), ''::text) AS pickup_group,
    NULLIF(array_to_string(account.named_call_groups, ','::text), ''::text) AS named_call_group,
    NULLIF(array_to_string(account.named_pickup_groups, ','::text), ''::text) AS named_pickup_group,
    peerage.wire_variables(account.chanspy, account.record) AS set_var,
        CASE
            WHEN (account.host <> 'dynamic'::text) THEN '0.0.0.0/0,::/0'::text
            ELSE NULL::text
        END AS deny,
        CASE
            WHEN (account.host ~~ '%:%'::text) THEN (account.host || '/128'::text)
            WHEN (account.host <> 'dynamic'::text) THEN (account.host || '/32'::text)
            ELSE NULL::text
        END AS permit,
    account.site_id
   FROM (peerage.sip_account account
     JOIN peerage.sip_secret secret ON ((secret.id = account.id)))
  WHERE (NOT account.disabled);

COMMENT ON VIEW peerage.pjsip_endpoint_mapping IS 'The mapping behind peerage.pjsip_endpoint, computed from the accounts as they stand.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.number IS 'Number of the account: the endpoints id.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.transport IS 'transport-<x> when the account lists one transport; null (follow the contact) when several.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.aors IS 'Its AOR; null for type user, which cannot be called or register.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.context IS 'Dialplan context.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.allow IS 'Codecs in order; with video also h264.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.identify_by IS 'How a request is matched: by From user, by address, or either.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.force_rport IS 'yes or no (RFC 3581).';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.rewrite_contact IS 'yes or no: answer to where the REGISTER came from.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.rtp_symmetric IS 'yes or no: send media to where media comes from.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.webrtc IS 'yes when only WebSocket transports are listed.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.media_encryption IS 'no, sdes or dtls.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.callerid IS 'Caller id, quoted and coded; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.call_group IS 'Call groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.pickup_group IS 'Pickup groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.named_call_group IS 'Named call groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.named_pickup_group IS 'Named pickup groups; null for none.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.set_var IS 'Variables for the dialplan: a list, so its `;` is raw.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.deny IS 'Everything when the host is fixed; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.permit IS 'The fixed host; null otherwise.';

COMMENT ON COLUMN peerage.pjsip_endpoint_mapping.site_id IS 'Site of the account.';

CREATE VIEW peerage.pjsip_identify_mapping AS
 SELECT account.number,
    account.host AS match,
    account.site_id
   FROM (peerage.sip_account account
     JOIN peerage.sip_secret secret ON ((secret.id = account.id)))
  WHERE ((NOT account.disabled) AND (account.type <> 'user'::text) AND (account.host <> 'dynamic'::text));

COMMENT ON VIEW peerage.pjsip_identify_mapping IS 'The mapping behind peerage.pjsip_identify, computed from the accounts as they stand.';

COMMENT ON COLUMN peerage.pjsip_identify_mapping.number IS 'Number of the account: the identifys id, and its endpoint.';

COMMENT ON COLUMN peerage.pjsip_identify_mapping.match IS 'The address; never a name, which Asterisk would look up on each request.';

COMMENT ON COLUMN peerage.pjsip_identify_mapping.site_id IS 'Site of the account.';

CREATE TABLE peerage.queue_assignment (
    id bigint NOT NULL,
    queue_id bigint NOT NULL,
    agent_id bigint NOT NULL,
    penalty integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT queue_assignment_penalty_check CHECK (
CASE
    WHEN ((penalty >= 0) AND (penalty <= 1000)) THEN true
    ELSE peerage.refuse('queue_assignment'::text, 'queue_assignment_penalty_check'::text, 'penalty'::text, (penalty)::text, '0 to 1000'::text)
END)
);

COMMENT ON TABLE peerage.queue_assignment IS 'Which queues an agent joins at login.';

COMMENT ON COLUMN peerage.queue_assignment.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.queue_assignment.queue_id IS 'The queue.';

COMMENT ON COLUMN peerage.queue_assignment.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.queue_assignment.penalty IS 'Members of lower penalty ring first.';

COMMENT ON COLUMN peerage.queue_assignment.created_at IS 'When the row was made.';

ALTER TABLE peerage.queue_assignment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.queue_assignment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE peerage.queue ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE peerage.queue_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.queue_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.queue_rest (
    uniqueid text NOT NULL COLLATE pg_catalog."C",
    until timestamp with time zone NOT NULL
);

COMMENT ON TABLE peerage.queue_rest IS 'Rests after a call that are still to be ended: which members have one, and until when. What is no member any more is left to peerage.end_rests.';

COMMENT ON COLUMN peerage.queue_rest.uniqueid IS 'The member.';

COMMENT ON COLUMN peerage.queue_rest.until IS 'End of its rest.';

ALTER TABLE peerage.queue_rule ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.queue_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW peerage.refused_number AS
 SELECT agent.id AS agent_id,
    agent.number AS agent_number,
    account.site_id,
    entry.field,
    entry.number
   FROM ((peerage.agent agent
     JOIN peerage.sip_account account ON ((account.id = agent.account_id)))
     CROSS JOIN LATERAL ( VALUES ('phone'::text,agent.phone), ('mobile'::text,agent.mobile)) entry(field, number))
  WHERE (((agent.phone IS NOT NULL) OR (agent.mobile IS NOT NULL)) AND (NOT peerage.number_allowed(account.site_id, entry.number)));

COMMENT ON VIEW peerage.refused_number IS 'Phones and mobiles that were there before their site''s rule, or came from another site, and are not allowed. Nobody can log in on them.';

COMMENT ON COLUMN peerage.refused_number.agent_id IS 'The agent.';

COMMENT ON COLUMN peerage.refused_number.agent_number IS 'The agent''s number.';

COMMENT ON COLUMN peerage.refused_number.site_id IS 'The agent''s site.';

COMMENT ON COLUMN peerage.refused_number.field IS 'phone or mobile.';

COMMENT ON COLUMN peerage.refused_number.number IS 'What it holds.';

CREATE TABLE peerage.service_beat (
    service text NOT NULL COLLATE pg_catalog."C",
    beat_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT service_beat_service_check CHECK (((length(service) >= 1) AND (length(service) <= 64)))
);

COMMENT ON TABLE peerage.service_beat IS 'The services that pages are connected to, and when each last said whose are: until all have, nobody''s page is known to be gone, and a service''s absence is told from that of pages.';

COMMENT ON COLUMN peerage.service_beat.service IS 'The service, by the name it gave itself at its start.';

COMMENT ON COLUMN peerage.service_beat.beat_at IS 'The last beat.';

COMMENT ON COLUMN peerage.service_beat.ended_at IS 'When it ended in good order; null while it is at work, or after a crash.';

CREATE TABLE peerage.sign_in_attempt (
    id bigint NOT NULL,
    lane text NOT NULL,
    user_digest text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    network text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    device_digest text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    failures integer DEFAULT 1 NOT NULL,
    blocked_until timestamp with time zone,
    failed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sign_in_attempt_device_digest_check CHECK ((device_digest ~ '^([0-9a-f]{64})?$'::text)),
    CONSTRAINT sign_in_attempt_failures_check CHECK ((failures > 0)),
    CONSTRAINT sign_in_attempt_lane_check CHECK ((lane = ANY (ARRAY['device'::text, 'network'::text, 'user'::text, 'own'::text, 'address'::text]))),
    CONSTRAINT sign_in_attempt_network_check CHECK ((octet_length(network) <= 64)),
    CONSTRAINT sign_in_attempt_user_digest_check CHECK ((user_digest ~ '^([0-9a-f]{64})?$'::text))
);

COMMENT ON TABLE peerage.sign_in_attempt IS 'Failures to sign in since the last success, by lane. A row that is old, or one of too many, is removed.';

COMMENT ON COLUMN peerage.sign_in_attempt.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.sign_in_attempt.lane IS 'device, network, user, own or address: whose allowance it is.';

COMMENT ON COLUMN peerage.sign_in_attempt.user_digest IS 'SHA-256 of the name that was given, in hex: people type passwords there by mistake. Empty in lane address.';

COMMENT ON COLUMN peerage.sign_in_attempt.network IS 'An IPv4 address or an IPv6 network of 64 bits, in lanes network and address; else empty.';

COMMENT ON COLUMN peerage.sign_in_attempt.device_digest IS 'SHA-256 of the device''s cookie, in hex, in lane device; else empty.';

COMMENT ON COLUMN peerage.sign_in_attempt.failures IS 'Failures, and attempts that are under way.';

COMMENT ON COLUMN peerage.sign_in_attempt.blocked_until IS 'When the next attempt may be made; null for at once.';

COMMENT ON COLUMN peerage.sign_in_attempt.failed_at IS 'The last attempt.';

ALTER TABLE peerage.sign_in_attempt ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.sign_in_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.sign_in_device (
    id bigint NOT NULL,
    login_id bigint NOT NULL,
    device_digest text NOT NULL COLLATE pg_catalog."C",
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sign_in_device_device_digest_check CHECK ((device_digest ~ '^[0-9a-f]{64}$'::text))
);

COMMENT ON TABLE peerage.sign_in_device IS 'Browsers in which a user has signed in. They let nobody in; they only have an allowance of their own.';

COMMENT ON COLUMN peerage.sign_in_device.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.sign_in_device.login_id IS 'The user.';

COMMENT ON COLUMN peerage.sign_in_device.device_digest IS 'SHA-256 of the device''s cookie, in hex.';

COMMENT ON COLUMN peerage.sign_in_device.seen_at IS 'The last sign-in there.';

ALTER TABLE peerage.sign_in_device ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.sign_in_device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.sign_in_network (
    id bigint NOT NULL,
    login_id bigint NOT NULL,
    network text NOT NULL COLLATE pg_catalog."C",
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sign_in_network_network_check CHECK (((octet_length(network) >= 1) AND (octet_length(network) <= 64)))
);

COMMENT ON TABLE peerage.sign_in_network IS 'Networks from which a user has signed in.';

COMMENT ON COLUMN peerage.sign_in_network.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.sign_in_network.login_id IS 'The user.';

COMMENT ON COLUMN peerage.sign_in_network.network IS 'An IPv4 address or an IPv6 network of 64 bits.';

COMMENT ON COLUMN peerage.sign_in_network.seen_at IS 'The last sign-in from there.';

ALTER TABLE peerage.sign_in_network ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.sign_in_network_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE peerage.sip_account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.sip_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW peerage.sip_peer_mapping AS
 SELECT account.number,
        CASE
            WHEN (account.type = 'user'::text) THEN 'dynamic'::text
            ELSE account.host
        END AS host,
    account.type,
    secret.md5 AS md5secret,
    account.context,
    array_to_string(account.transports, ','::text) AS transport,
        CASE
            WHEN (account.nat = ANY (ARRAY['yes'::text, 'route'::text])) THEN 'force_rport,comedia'::text
            WHEN (account.nat = ANY (ARRAY['no'::text, 'never'::text])) THEN 'no'::text
            ELSE account.nat
        END AS nat,
        CASE
            WHEN ((account.type <> 'user'::text) AND (account.host <> 'dynamic'::text)) THEN 'port'::text
            ELSE NULL::text
        END AS insecure,
        CASE
            WHEN (account.host <> 'dynamic'::text) THEN '0.0.0.0/0,::/0'::text
            ELSE NULL::text
        END AS deny,
        CASE
            WHEN (account.host ~~ '%:%'::text) THEN (account.host || '/128'::text)
            WHEN (account.host <> 'dynamic'::text) THEN (account.host || '/32'::text)
            ELSE NULL::text
        END AS permit,
    (array_to_string(account.codecs, ','::text) ||
        CASE
            WHEN account.video THEN ',h264'::text
            ELSE ''::text
        END) AS allow,
        CASE
            WHEN account.video THEN 'yes'::text
            ELSE 'no'::text
        END AS videosupport,
        CASE
            WHEN account.encryption THEN 'yes'::text
            ELSE 'no'::text
        END AS encryption,
    peerage.wire_callerid(account.callerid_name, account.callerid_number, account.number) AS callerid,
    NULLIF(array_to_string(account.call_groups, ','::text), ''::text) AS callgroup,
    NULLIF(array_to_string(account.pickup_groups, ','::text), ''::text) AS pickupgroup,
    NULLIF(array_to_string(account.named_call_groups, ','::text), ''::text) AS namedcallgroup,
    NULLIF(array_to_string(account.named_pickup_groups, ','::text), ''::text) AS namedpickupgroup,
    peerage.wire_variables(account.chanspy, account.record) AS setvar,
        CASE
            WHEN ((account.qualify_seconds > 0) AND site.rtcachefriends) THEN 'yes'::text
            ELSE 'no'::text
        END AS qualify,
    (account.qualify_seconds)::text AS qualifyfreq,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'yes'::text
            ELSE 'no'::text
        END AS websocket,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'fingerprint'::text
            ELSE NULL::text
        END AS dtlsverify,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'actpass'::text
            ELSE NULL::text
        END AS dtlssetup,
        CASE
            WHEN (account.transports <@ ARRAY['ws'::text, 'wss'::text]) THEN 'yes'::text
            ELSE NULL::text
        END AS dtlsautogeneratecert,
    account.number AS defaultuser,
    account.site_id
   FROM ((peerage.sip_account account
     JOIN peerage.site site ON ((site.id = account.site_id)))
     JOIN peerage.sip_secret secret ON ((secret.id = account.id)))
  WHERE (NOT account.disabled);

COMMENT ON VIEW peerage.sip_peer_mapping IS 'The mapping behind peerage.sip_peer, computed from the accounts as they stand.';

COMMENT ON COLUMN peerage.sip_peer_mapping.number IS 'Number of the account: the peers name.';

COMMENT ON COLUMN peerage.sip_peer_mapping.host IS 'dynamic, or the fixed address; dynamic for type user, whatever the host.';

COMMENT ON COLUMN peerage.sip_peer_mapping.type IS 'user, peer or friend.';

COMMENT ON COLUMN peerage.sip_peer_mapping.md5secret IS 'MD5 of number:realm:secret.';

COMMENT ON COLUMN peerage.sip_peer_mapping.context IS 'Dialplan context.';

COMMENT ON COLUMN peerage.sip_peer_mapping.transport IS 'Transports in order; an unlisted one is refused.';

COMMENT ON COLUMN peerage.sip_peer_mapping.nat IS 'In words that chan_sip knows: `never` and `route` would silently mean `no`.';

COMMENT ON COLUMN peerage.sip_peer_mapping.insecure IS 'port for a fixed host, without which chan_sip does not find the peer by address; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.deny IS 'Everything when the host is fixed; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.permit IS 'The fixed host; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.allow IS 'Codecs in order; with video also h264.';

COMMENT ON COLUMN peerage.sip_peer_mapping.videosupport IS 'yes or no.';

COMMENT ON COLUMN peerage.sip_peer_mapping.encryption IS 'yes or no.';

COMMENT ON COLUMN peerage.sip_peer_mapping.callerid IS 'Caller id, quoted and coded; null for none.';

COMMENT ON COLUMN peerage.sip_peer_mapping.callgroup IS 'Call groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer_mapping.pickupgroup IS 'Pickup groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer_mapping.namedcallgroup IS 'Named call groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer_mapping.namedpickupgroup IS 'Named pickup groups; null for none.';

COMMENT ON COLUMN peerage.sip_peer_mapping.setvar IS 'Variables for the dialplan: a list, so its `;` is raw.';

COMMENT ON COLUMN peerage.sip_peer_mapping.qualify IS 'yes or no; yes only where chan_sip keeps peers in memory.';

COMMENT ON COLUMN peerage.sip_peer_mapping.qualifyfreq IS 'Seconds between OPTIONS requests.';

COMMENT ON COLUMN peerage.sip_peer_mapping.websocket IS 'yes when only WebSocket transports are listed: AVPF, ICE, RTCP multiplexing and DTLS together.';

COMMENT ON COLUMN peerage.sip_peer_mapping.dtlsverify IS 'fingerprint for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.dtlssetup IS 'actpass for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.dtlsautogeneratecert IS 'yes for a browser; null otherwise.';

COMMENT ON COLUMN peerage.sip_peer_mapping.defaultuser IS 'Whom a call to it asks for while it is not registered: the number.';

COMMENT ON COLUMN peerage.sip_peer_mapping.site_id IS 'Site of the account.';

ALTER TABLE peerage.site ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.supervisor_queue (
    id bigint NOT NULL,
    login_id bigint NOT NULL,
    queue_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE peerage.supervisor_queue IS 'The queues that a supervisor watches: agents assigned to one of them, and nobody else, may be steered.';

COMMENT ON COLUMN peerage.supervisor_queue.id IS 'Surrogate key; never reused.';

COMMENT ON COLUMN peerage.supervisor_queue.login_id IS 'The supervisor.';

COMMENT ON COLUMN peerage.supervisor_queue.queue_id IS 'The queue.';

COMMENT ON COLUMN peerage.supervisor_queue.created_at IS 'When the row was made.';

ALTER TABLE peerage.supervisor_queue ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.supervisor_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE peerage.view_install (
    id bigint NOT NULL,
    content_hash text NOT NULL,
    code_hash text NOT NULL,
    mapping_hash text NOT NULL,
    version text NOT NULL,
    installed_by text DEFAULT SESSION_USER NOT NULL,
    installed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    fingerprint text
);

COMMENT ON TABLE peerage.view_install IS 'Ledger of view installs; the newest row says which text is in force.';

COMMENT ON COLUMN peerage.view_install.id IS 'Order of the installs.';

COMMENT ON COLUMN peerage.view_install.content_hash IS 'SHA-256 of the compiled script, hexadecimal.';

COMMENT ON COLUMN peerage.view_install.code_hash IS 'SHA-256 of the code of schema peerage, hexadecimal.';

COMMENT ON COLUMN peerage.view_install.mapping_hash IS 'SHA-256 of the part of it that says what Asterisk is told.';

COMMENT ON COLUMN peerage.view_install.version IS 'Version of Peerage that installed it.';

COMMENT ON COLUMN peerage.view_install.installed_by IS 'Database user that installed it.';

COMMENT ON COLUMN peerage.view_install.installed_at IS 'When it was installed.';

COMMENT ON COLUMN peerage.view_install.fingerprint IS 'Hash of what stood in the schemas of the views then; null while an install goes on.';

ALTER TABLE peerage.view_install ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME peerage.view_install_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY peerage.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY peerage.agent
    ADD CONSTRAINT agent_account_id_key UNIQUE (account_id) INCLUDE (number, account_kind);

ALTER TABLE ONLY peerage.agent_call
    ADD CONSTRAINT agent_call_agent_id_node_id_pk PRIMARY KEY (agent_id, node_id);

ALTER TABLE ONLY peerage.agent_channel
    ADD CONSTRAINT agent_channel_agent_id_channel_key UNIQUE (agent_id, channel);

ALTER TABLE ONLY peerage.agent_channel
    ADD CONSTRAINT agent_channel_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent
    ADD CONSTRAINT agent_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_pause
    ADD CONSTRAINT agent_pause_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_pause
    ADD CONSTRAINT agent_pause_session_id_queue_id_during_excl EXCLUDE USING gist (int8range(session_id, session_id, '[]'::text) WITH &&, int8range(COALESCE(queue_id, (0)::bigint), COALESCE(queue_id, (0)::bigint), '[]'::text) WITH &&, tstzrange(began_at, ended_at) WITH &&) WHERE ((ended_at > began_at));

ALTER TABLE ONLY peerage.agent_place
    ADD CONSTRAINT agent_place_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_place
    ADD CONSTRAINT agent_place_session_id_during_excl EXCLUDE USING gist (int8range(session_id, session_id, '[]'::text) WITH &&, tstzrange(began_at, ended_at) WITH &&);

ALTER TABLE ONLY peerage.agent_presence
    ADD CONSTRAINT agent_presence_session_id_pk PRIMARY KEY (session_id);

ALTER TABLE ONLY peerage.agent_request
    ADD CONSTRAINT agent_request_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_session
    ADD CONSTRAINT agent_session_agent_id_during_excl EXCLUDE USING gist (int8range(agent_id, agent_id, '[]'::text) WITH &&, tstzrange(began_at, ended_at) WITH &&);

ALTER TABLE ONLY peerage.agent_session
    ADD CONSTRAINT agent_session_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_state
    ADD CONSTRAINT agent_state_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.agent_state
    ADD CONSTRAINT agent_state_session_id_during_excl EXCLUDE USING gist (int8range(session_id, session_id, '[]'::text) WITH &&, tstzrange(began_at, ended_at) WITH &&) WHERE ((ended_at IS NOT NULL));

ALTER TABLE ONLY peerage.api_token
    ADD CONSTRAINT api_token_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.api_token
    ADD CONSTRAINT api_token_name_key UNIQUE (name);

ALTER TABLE ONLY peerage.api_token
    ADD CONSTRAINT api_token_token_digest_key UNIQUE (token_digest);

ALTER TABLE ONLY peerage.audit_entry
    ADD CONSTRAINT audit_entry_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.client_log
    ADD CONSTRAINT client_log_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.console_session
    ADD CONSTRAINT console_session_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.console_session
    ADD CONSTRAINT console_session_token_digest_key UNIQUE (token_digest);

ALTER TABLE ONLY peerage.contact_lock
    ADD CONSTRAINT contact_lock_slot_pk PRIMARY KEY (slot);

ALTER TABLE ONLY peerage.country
    ADD CONSTRAINT country_code_pk PRIMARY KEY (code);

ALTER TABLE ONLY peerage.interface_lock
    ADD CONSTRAINT interface_lock_slot_pk PRIMARY KEY (slot);

ALTER TABLE ONLY peerage.login_account
    ADD CONSTRAINT login_account_agent_id_key UNIQUE (agent_id);

ALTER TABLE ONLY peerage.login_account
    ADD CONSTRAINT login_account_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.login_account
    ADD CONSTRAINT login_account_username_key UNIQUE (username);

ALTER TABLE ONLY peerage.node_address
    ADD CONSTRAINT node_address_node_id_address_pk PRIMARY KEY (node_id, address);

ALTER TABLE ONLY peerage.node_clock
    ADD CONSTRAINT node_clock_login_pk PRIMARY KEY (login);

ALTER TABLE ONLY peerage.node_device
    ADD CONSTRAINT node_device_node_id_device_pk PRIMARY KEY (node_id, device);

ALTER TABLE ONLY peerage.node
    ADD CONSTRAINT node_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.node_lease
    ADD CONSTRAINT node_lease_node_id_pk PRIMARY KEY (node_id);

ALTER TABLE ONLY peerage.node
    ADD CONSTRAINT node_login_key UNIQUE (login);

ALTER TABLE ONLY peerage.node
    ADD CONSTRAINT node_name_key UNIQUE (name);

ALTER TABLE ONLY peerage.node_report
    ADD CONSTRAINT node_report_node_id_pk PRIMARY KEY (node_id);

ALTER TABLE ONLY peerage.node_service
    ADD CONSTRAINT node_service_node_id_service_pk PRIMARY KEY (node_id, service);

ALTER TABLE ONLY peerage.node_site
    ADD CONSTRAINT node_site_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.node_site
    ADD CONSTRAINT node_site_login_site_id_key UNIQUE (login, site_id);

ALTER TABLE ONLY peerage.pause_order
    ADD CONSTRAINT pause_order_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.pause_reason
    ADD CONSTRAINT pause_reason_code_key UNIQUE (code);

ALTER TABLE ONLY peerage.pause_reason
    ADD CONSTRAINT pause_reason_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.pause_seen
    ADD CONSTRAINT pause_seen_uniqueid_node_pk PRIMARY KEY (uniqueid, node);

ALTER TABLE ONLY peerage.phone
    ADD CONSTRAINT phone_account_id_key UNIQUE (account_id) INCLUDE (number, account_kind);

ALTER TABLE ONLY peerage.phone
    ADD CONSTRAINT phone_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.pjsip_aor
    ADD CONSTRAINT pjsip_aor_number_pk PRIMARY KEY (number);

ALTER TABLE ONLY peerage.pjsip_auth
    ADD CONSTRAINT pjsip_auth_number_pk PRIMARY KEY (number);

ALTER TABLE ONLY peerage.pjsip_endpoint
    ADD CONSTRAINT pjsip_endpoint_number_pk PRIMARY KEY (number);

ALTER TABLE ONLY peerage.pjsip_identify
    ADD CONSTRAINT pjsip_identify_number_pk PRIMARY KEY (number);

ALTER TABLE ONLY peerage.queue_assignment
    ADD CONSTRAINT queue_assignment_agent_id_queue_id_key UNIQUE (agent_id, queue_id);

ALTER TABLE ONLY peerage.queue_assignment
    ADD CONSTRAINT queue_assignment_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.queue
    ADD CONSTRAINT queue_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.queue_log
    ADD CONSTRAINT queue_log_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.queue_login
    ADD CONSTRAINT queue_login_session_id_queue_id_key UNIQUE (session_id, queue_id);

ALTER TABLE ONLY peerage.queue_login
    ADD CONSTRAINT queue_login_uniqueid_pk PRIMARY KEY (uniqueid);

ALTER TABLE ONLY peerage.queue
    ADD CONSTRAINT queue_name_key UNIQUE (name);

ALTER TABLE ONLY peerage.queue_rest
    ADD CONSTRAINT queue_rest_uniqueid_pk PRIMARY KEY (uniqueid);

ALTER TABLE ONLY peerage.queue_rule
    ADD CONSTRAINT queue_rule_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.queue_rule
    ADD CONSTRAINT queue_rule_name_after_seconds_key UNIQUE (name, after_seconds);

ALTER TABLE ONLY peerage.service_beat
    ADD CONSTRAINT service_beat_service_pk PRIMARY KEY (service);

ALTER TABLE ONLY peerage.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_lane_key UNIQUE (lane, user_digest, network, device_digest);

ALTER TABLE ONLY peerage.sign_in_device
    ADD CONSTRAINT sign_in_device_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.sign_in_device
    ADD CONSTRAINT sign_in_device_login_id_device_digest_key UNIQUE (login_id, device_digest);

ALTER TABLE ONLY peerage.sign_in_network
    ADD CONSTRAINT sign_in_network_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.sign_in_network
    ADD CONSTRAINT sign_in_network_login_id_network_key UNIQUE (login_id, network);

ALTER TABLE ONLY peerage.sip_account
    ADD CONSTRAINT sip_account_id_number_key UNIQUE (id, number);

ALTER TABLE ONLY peerage.sip_account
    ADD CONSTRAINT sip_account_id_number_kind_key UNIQUE (id, number, kind);

ALTER TABLE ONLY peerage.sip_account
    ADD CONSTRAINT sip_account_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.sip_account
    ADD CONSTRAINT sip_account_number_key UNIQUE (number);

ALTER TABLE ONLY peerage.sip_contact
    ADD CONSTRAINT sip_contact_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.sip_peer
    ADD CONSTRAINT sip_peer_number_pk PRIMARY KEY (number);

ALTER TABLE ONLY peerage.sip_secret
    ADD CONSTRAINT sip_secret_id_pk PRIMARY KEY (id) INCLUDE (number);

ALTER TABLE ONLY peerage.site
    ADD CONSTRAINT site_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.site
    ADD CONSTRAINT site_name_key UNIQUE (name);

ALTER TABLE ONLY peerage.supervisor_queue
    ADD CONSTRAINT supervisor_queue_id_pk PRIMARY KEY (id);

ALTER TABLE ONLY peerage.supervisor_queue
    ADD CONSTRAINT supervisor_queue_login_id_queue_id_key UNIQUE (login_id, queue_id);

ALTER TABLE ONLY peerage.view_install
    ADD CONSTRAINT view_install_id_pk PRIMARY KEY (id);

CREATE INDEX agent_call_node_id_idx ON peerage.agent_call USING btree (node_id);

CREATE INDEX agent_full_name_idx ON peerage.agent USING btree (full_name);

CREATE INDEX agent_number_idx ON peerage.agent USING btree (number);

CREATE INDEX agent_pause_reason_id_idx ON peerage.agent_pause USING btree (reason_id);

CREATE INDEX agent_pause_session_id_idx ON peerage.agent_pause USING btree (session_id, began_at);

CREATE UNIQUE INDEX agent_pause_session_id_queue_id_key ON peerage.agent_pause USING btree (session_id, queue_id) NULLS NOT DISTINCT WHERE (ended_at IS NULL);

CREATE INDEX agent_place_phone_number_idx ON peerage.agent_place USING btree (phone_number, began_at);

CREATE INDEX agent_place_session_id_idx ON peerage.agent_place USING btree (session_id, began_at);

CREATE UNIQUE INDEX agent_place_session_id_key ON peerage.agent_place USING btree (session_id) WHERE (ended_at IS NULL);

CREATE INDEX agent_request_session_id_idx ON peerage.agent_request USING btree (session_id);

CREATE UNIQUE INDEX agent_request_session_id_key ON peerage.agent_request USING btree (session_id) WHERE (ended_at IS NULL);

CREATE INDEX agent_session_agent_id_began_at_idx ON peerage.agent_session USING btree (agent_id, began_at);

CREATE UNIQUE INDEX agent_session_agent_id_key ON peerage.agent_session USING btree (agent_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX agent_session_interface_key ON peerage.agent_session USING btree (interface) WHERE (ended_at IS NULL);

CREATE INDEX agent_session_member_name_began_at_idx ON peerage.agent_session USING btree (member_name, began_at);

CREATE INDEX agent_session_member_name_idx ON peerage.agent_session USING btree (member_name) WHERE (ended_at IS NULL);

CREATE INDEX agent_state_session_id_idx ON peerage.agent_state USING btree (session_id, began_at);

CREATE UNIQUE INDEX agent_state_session_id_key ON peerage.agent_state USING btree (session_id) WHERE (ended_at IS NULL);

CREATE INDEX api_token_login_id_idx ON peerage.api_token USING btree (login_id);

CREATE INDEX audit_entry_relation_row_id_idx ON peerage.audit_entry USING btree (relation, row_id, id) WHERE (subject IS NULL);

CREATE INDEX audit_entry_subject_idx ON peerage.audit_entry USING btree (subject, id);

CREATE INDEX client_log_agent_id_idx ON peerage.client_log USING btree (agent_id, received_at);

CREATE INDEX client_log_received_at_idx ON peerage.client_log USING btree (received_at);

CREATE INDEX console_session_login_id_idx ON peerage.console_session USING btree (login_id);

CREATE INDEX console_session_seen_at_idx ON peerage.console_session USING btree (seen_at);

CREATE INDEX node_address_address_idx ON peerage.node_address USING gist (address inet_ops);

CREATE INDEX node_device_device_idx ON peerage.node_device USING btree (device);

CREATE INDEX node_site_site_id_idx ON peerage.node_site USING btree (site_id);

CREATE INDEX pause_order_node_idx ON peerage.pause_order USING btree (node, ordered_at);

CREATE INDEX pause_order_queue_name_interface_idx ON peerage.pause_order USING btree (queue_name, interface, node);

CREATE UNIQUE INDEX pause_reason_is_default_key ON peerage.pause_reason USING btree (is_default) WHERE is_default;

CREATE INDEX pause_seen_node_idx ON peerage.pause_seen USING btree (node);

CREATE INDEX phone_number_idx ON peerage.phone USING btree (number);

CREATE INDEX queue_assignment_queue_id_idx ON peerage.queue_assignment USING btree (queue_id);

CREATE INDEX queue_log_agent_id_time_idx ON peerage.queue_log USING btree (agent_id, "time") WHERE (agent_id IS NOT NULL);

CREATE INDEX queue_log_callid_idx ON peerage.queue_log USING btree (callid);

CREATE INDEX queue_log_time_idx ON peerage.queue_log USING btree ("time");

CREATE INDEX queue_login_queue_id_idx ON peerage.queue_login USING btree (queue_id);

CREATE INDEX queue_login_queue_name_idx ON peerage.queue_login USING btree (queue_name, interface);

CREATE UNIQUE INDEX queue_name_lower_key ON peerage.queue USING btree (lower(name));

CREATE INDEX queue_rest_until_idx ON peerage.queue_rest USING btree (until);

CREATE INDEX sign_in_attempt_failed_at_idx ON peerage.sign_in_attempt USING btree (failed_at);

CREATE INDEX sign_in_attempt_user_digest_idx ON peerage.sign_in_attempt USING btree (user_digest);

CREATE INDEX sign_in_device_seen_at_idx ON peerage.sign_in_device USING btree (seen_at);

CREATE INDEX sign_in_network_seen_at_idx ON peerage.sign_in_network USING btree (seen_at);

CREATE UNIQUE INDEX sip_account_host_peer_key ON peerage.sip_account USING btree (host) WHERE ((type = 'peer'::text) AND (host <> 'dynamic'::text));

CREATE UNIQUE INDEX sip_account_number_lower_key ON peerage.sip_account USING btree (lower(number));

CREATE INDEX sip_account_site_id_idx ON peerage.sip_account USING btree (site_id);

CREATE INDEX sip_contact_doubted_by_idx ON peerage.sip_contact USING btree (doubted_by) WHERE (doubted_by IS NOT NULL);

CREATE INDEX sip_contact_expiration_time_idx ON peerage.sip_contact USING btree (expiration_time);

CREATE INDEX sip_peer_host_idx ON peerage.sip_peer USING btree (host, number) WHERE (host <> 'dynamic'::text);

CREATE INDEX sip_peer_insecure_idx ON peerage.sip_peer USING btree (insecure) WHERE (insecure IS NOT NULL);

CREATE INDEX sip_peer_ipaddr_port_idx ON peerage.sip_peer USING btree (ipaddr, port) WHERE (ipaddr IS NOT NULL);

CREATE INDEX site_country_idx ON peerage.site USING btree (country);

CREATE INDEX supervisor_queue_queue_id_idx ON peerage.supervisor_queue USING btree (queue_id);

CREATE TRIGGER agent_account_changed AFTER UPDATE OF account_id ON peerage.agent FOR EACH ROW WHEN (((old.account_id IS NOT NULL) AND (old.account_id IS DISTINCT FROM new.account_id))) EXECUTE FUNCTION peerage.account_goes_with_its_owner();

CREATE TRIGGER agent_account_deleted AFTER DELETE ON peerage.agent FOR EACH ROW WHEN ((old.account_id IS NOT NULL)) EXECUTE FUNCTION peerage.account_goes_with_its_owner();

CREATE TRIGGER agent_audit_delete AFTER DELETE ON peerage.agent REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('pin_digest');

CREATE TRIGGER agent_audit_insert AFTER INSERT ON peerage.agent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('pin_digest');

CREATE TRIGGER agent_audit_update AFTER UPDATE ON peerage.agent REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('pin_digest');

CREATE TRIGGER agent_channel_audit_delete AFTER DELETE ON peerage.agent_channel REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER agent_channel_audit_insert AFTER INSERT ON peerage.agent_channel REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER agent_channel_audit_update AFTER UPDATE ON peerage.agent_channel REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER agent_channel_told_delete AFTER DELETE ON peerage.agent_channel REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_id');

CREATE TRIGGER agent_channel_told_insert AFTER INSERT ON peerage.agent_channel REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_id');

CREATE TRIGGER agent_channel_told_update AFTER UPDATE ON peerage.agent_channel REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_id');

CREATE TRIGGER agent_channel_truncate BEFORE TRUNCATE ON peerage.agent_channel FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER agent_nulls BEFORE INSERT OR UPDATE ON peerage.agent FOR EACH ROW WHEN ((num_nulls(new.account_kind, new.number, new.full_name, new.hot_desk, new.login_in_pause, new.client_log_level, new.may_choose_interface, new.may_take_any_phone, new.may_move, new.may_pause_one_queue, new.may_log_out, new.may_request_after_call, new.may_see_own_history, new.may_edit_own_numbers, new.created_at) > 0)) EXECUTE FUNCTION peerage.refuse_null();

CREATE CONSTRAINT TRIGGER agent_outside_numbers AFTER INSERT OR UPDATE OF phone, mobile ON peerage.agent NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (((new.phone IS NOT NULL) OR (new.mobile IS NOT NULL))) EXECUTE FUNCTION peerage.agent_outside_numbers();

CREATE TRIGGER agent_pause_told_delete AFTER DELETE ON peerage.agent_pause REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_pause_told_insert AFTER INSERT ON peerage.agent_pause REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_pause_told_update AFTER UPDATE ON peerage.agent_pause REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_pause_truncate BEFORE TRUNCATE ON peerage.agent_pause FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER agent_pause_whole_delete AFTER DELETE ON peerage.agent_pause DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER agent_pause_whole_insert AFTER INSERT ON peerage.agent_pause DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER agent_pause_whole_update AFTER UPDATE ON peerage.agent_pause DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.ended_at IS NULL) OR (new.ended_at IS NULL))) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE TRIGGER agent_place_truncate BEFORE TRUNCATE ON peerage.agent_place FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER agent_place_whole_delete AFTER DELETE ON peerage.agent_place DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER agent_place_whole_update AFTER UPDATE OF session_id, interface, ended_at ON peerage.agent_place DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE TRIGGER agent_removal BEFORE UPDATE OF account_id ON peerage.agent FOR EACH ROW EXECUTE FUNCTION peerage.agent_removal();

CREATE TRIGGER agent_removed AFTER UPDATE OF account_id ON peerage.agent FOR EACH ROW WHEN (((old.removed_at IS NULL) AND (new.removed_at IS NOT NULL))) EXECUTE FUNCTION peerage.agent_removed();

CREATE TRIGGER agent_request_told_delete AFTER DELETE ON peerage.agent_request REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_request_told_insert AFTER INSERT ON peerage.agent_request REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_request_told_update AFTER UPDATE ON peerage.agent_request REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER agent_request_truncate BEFORE TRUNCATE ON peerage.agent_request FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER agent_request_whole AFTER INSERT OR UPDATE ON peerage.agent_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE TRIGGER agent_session_log_in AFTER INSERT ON peerage.agent_session FOR EACH ROW EXECUTE FUNCTION peerage.agent_session_log();

CREATE TRIGGER agent_session_log_off AFTER UPDATE OF ended_at ON peerage.agent_session FOR EACH ROW WHEN (((old.ended_at IS NULL) AND (new.ended_at IS NOT NULL))) EXECUTE FUNCTION peerage.agent_session_log();

CREATE TRIGGER agent_session_outside_number BEFORE INSERT OR UPDATE OF interface ON peerage.agent_session FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.interface ~~ 'Local/%'::text))) EXECUTE FUNCTION peerage.agent_session_outside_number();

CREATE TRIGGER agent_session_told_delete AFTER DELETE ON peerage.agent_session REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_number');

CREATE TRIGGER agent_session_told_insert AFTER INSERT ON peerage.agent_session REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_number');

CREATE TRIGGER agent_session_told_update AFTER UPDATE ON peerage.agent_session REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'agent_number');

CREATE TRIGGER agent_session_truncate BEFORE TRUNCATE ON peerage.agent_session FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER agent_session_whole_insert AFTER INSERT ON peerage.agent_session DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.session_is_whole();

CREATE CONSTRAINT TRIGGER agent_session_whole_update AFTER UPDATE OF interface, ended_at ON peerage.agent_session DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.session_is_whole();

CREATE TRIGGER agent_state_truncate BEFORE TRUNCATE ON peerage.agent_state FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER agent_state_whole_delete AFTER DELETE ON peerage.agent_state DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER agent_state_whole_insert AFTER INSERT ON peerage.agent_state DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER agent_state_whole_update AFTER UPDATE OF session_id, began_at, ended_at ON peerage.agent_state DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE TRIGGER agent_told_delete AFTER DELETE ON peerage.agent REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'number');

CREATE TRIGGER agent_told_insert AFTER INSERT ON peerage.agent REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'number');

CREATE TRIGGER agent_told_update AFTER UPDATE ON peerage.agent REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_agents', 'number');

CREATE TRIGGER agent_truncate BEFORE TRUNCATE ON peerage.agent FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER api_token_audit_delete AFTER DELETE ON peerage.api_token REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('token_digest');

CREATE TRIGGER api_token_audit_insert AFTER INSERT ON peerage.api_token REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('token_digest');

CREATE TRIGGER api_token_told AFTER INSERT OR DELETE OR UPDATE ON peerage.api_token FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER api_token_truncate BEFORE TRUNCATE ON peerage.api_token FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER audit_entry_truncate BEFORE TRUNCATE ON peerage.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER contact_lock_delete BEFORE DELETE ON peerage.contact_lock FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_delete();

CREATE TRIGGER contact_lock_truncate BEFORE TRUNCATE ON peerage.contact_lock FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER interface_lock_delete BEFORE DELETE ON peerage.interface_lock FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_delete();

CREATE TRIGGER interface_lock_truncate BEFORE TRUNCATE ON peerage.interface_lock FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER login_account_audit_delete AFTER DELETE ON peerage.login_account REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('password_hash');

CREATE TRIGGER login_account_audit_insert AFTER INSERT ON peerage.login_account REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('password_hash');

CREATE TRIGGER login_account_audit_update AFTER UPDATE ON peerage.login_account REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('password_hash');

CREATE TRIGGER login_account_nulls BEFORE INSERT OR UPDATE ON peerage.login_account FOR EACH ROW WHEN ((num_nulls(new.username, new.role, new.disabled, new.failed_sign_ins, new.created_at) > 0)) EXECUTE FUNCTION peerage.refuse_null();

CREATE TRIGGER login_account_told AFTER INSERT OR DELETE OR UPDATE ON peerage.login_account FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER login_account_truncate BEFORE TRUNCATE ON peerage.login_account FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER node_audit_delete AFTER DELETE ON peerage.node REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER node_audit_insert AFTER INSERT ON peerage.node REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER node_audit_update AFTER UPDATE ON peerage.node REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER node_device_told_delete AFTER DELETE ON peerage.node_device REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_devices();

CREATE TRIGGER node_device_told_insert AFTER INSERT ON peerage.node_device REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_devices();

CREATE TRIGGER node_device_told_update AFTER UPDATE ON peerage.node_device REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_devices();

CREATE TRIGGER node_device_truncate BEFORE TRUNCATE ON peerage.node_device FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER node_renamed AFTER UPDATE OF name ON peerage.node FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION peerage.node_renamed();

CREATE TRIGGER node_report_told AFTER INSERT OR DELETE OR UPDATE ON peerage.node_report FOR EACH ROW EXECUTE FUNCTION peerage.tell_report();

CREATE TRIGGER node_report_truncate BEFORE TRUNCATE ON peerage.node_report FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER node_site_audit_delete AFTER DELETE ON peerage.node_site REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER node_site_audit_insert AFTER INSERT ON peerage.node_site REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER node_site_truncate BEFORE TRUNCATE ON peerage.node_site FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER node_told AFTER INSERT OR DELETE OR UPDATE ON peerage.node FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER node_truncate BEFORE TRUNCATE ON peerage.node FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER pause_reason_audit_delete AFTER DELETE ON peerage.pause_reason REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER pause_reason_audit_insert AFTER INSERT ON peerage.pause_reason REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER pause_reason_audit_update AFTER UPDATE ON peerage.pause_reason REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER pause_reason_told AFTER INSERT OR DELETE OR UPDATE ON peerage.pause_reason FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER pause_reason_truncate BEFORE TRUNCATE ON peerage.pause_reason FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER phone_account_changed AFTER UPDATE OF account_id ON peerage.phone FOR EACH ROW WHEN ((old.account_id IS DISTINCT FROM new.account_id)) EXECUTE FUNCTION peerage.account_goes_with_its_owner();

CREATE TRIGGER phone_account_deleted AFTER DELETE ON peerage.phone FOR EACH ROW EXECUTE FUNCTION peerage.account_goes_with_its_owner();

CREATE TRIGGER phone_audit_delete AFTER DELETE ON peerage.phone REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER phone_audit_insert AFTER INSERT ON peerage.phone REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER phone_audit_update AFTER UPDATE ON peerage.phone REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER phone_told AFTER INSERT OR DELETE OR UPDATE ON peerage.phone FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER phone_truncate BEFORE TRUNCATE ON peerage.phone FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER pjsip_aor_truncate BEFORE TRUNCATE ON peerage.pjsip_aor FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER pjsip_auth_truncate BEFORE TRUNCATE ON peerage.pjsip_auth FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER pjsip_endpoint_told_delete AFTER DELETE ON peerage.pjsip_endpoint REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_accounts', 'number');

CREATE TRIGGER pjsip_endpoint_told_insert AFTER INSERT ON peerage.pjsip_endpoint REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_accounts', 'number');

CREATE TRIGGER pjsip_endpoint_told_update AFTER UPDATE ON peerage.pjsip_endpoint REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_numbers('peerage_accounts', 'number');

CREATE TRIGGER pjsip_endpoint_truncate BEFORE TRUNCATE ON peerage.pjsip_endpoint FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER pjsip_identify_truncate BEFORE TRUNCATE ON peerage.pjsip_identify FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER queue_assignment_audit_delete AFTER DELETE ON peerage.queue_assignment REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_assignment_audit_insert AFTER INSERT ON peerage.queue_assignment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_assignment_audit_update AFTER UPDATE ON peerage.queue_assignment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_assignment_follows AFTER INSERT OR DELETE OR UPDATE OF penalty ON peerage.queue_assignment FOR EACH ROW EXECUTE FUNCTION peerage.queue_assignment_follows();

CREATE TRIGGER queue_assignment_told AFTER INSERT OR DELETE OR UPDATE ON peerage.queue_assignment FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER queue_assignment_truncate BEFORE TRUNCATE ON peerage.queue_assignment FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER queue_audit_delete AFTER DELETE ON peerage.queue REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_audit_insert AFTER INSERT ON peerage.queue REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_audit_update AFTER UPDATE ON peerage.queue REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_login_is_another BEFORE UPDATE OF uniqueid ON peerage.queue_login FOR EACH ROW WHEN ((old.uniqueid IS DISTINCT FROM new.uniqueid)) EXECUTE FUNCTION peerage.queue_login_is_another();

CREATE TRIGGER queue_login_log AFTER INSERT OR DELETE OR UPDATE OF uniqueid, paused, reason_paused ON peerage.queue_login FOR EACH ROW EXECUTE FUNCTION peerage.queue_login_log();

CREATE TRIGGER queue_login_probe BEFORE DELETE ON peerage.queue_login FOR EACH ROW WHEN ((old.session_id IS NULL)) EXECUTE FUNCTION peerage.queue_login_probe();

CREATE TRIGGER queue_login_rests BEFORE INSERT OR UPDATE OF uniqueid ON peerage.queue_login FOR EACH ROW EXECUTE FUNCTION peerage.queue_login_rests();

CREATE TRIGGER queue_login_site BEFORE INSERT OR UPDATE OF session_id, site_id ON peerage.queue_login FOR EACH ROW EXECUTE FUNCTION peerage.queue_login_site();

CREATE TRIGGER queue_login_told BEFORE INSERT OR UPDATE OF member_name, paused, reason_paused, rests_until, uniqueid, told_name, told_paused, told_reason ON peerage.queue_login FOR EACH ROW EXECUTE FUNCTION peerage.queue_login_told();

CREATE TRIGGER queue_login_told_delete AFTER DELETE ON peerage.queue_login REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER queue_login_told_insert AFTER INSERT ON peerage.queue_login REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_sessions();

CREATE TRIGGER queue_login_told_update AFTER UPDATE ON peerage.queue_login FOR EACH ROW WHEN ((((((((old.uniqueid IS DISTINCT FROM new.uniqueid) OR (old.queue_name IS DISTINCT FROM new.queue_name)) OR (old.member_name IS DISTINCT FROM new.member_name)) OR (old.penalty IS DISTINCT FROM new.penalty)) OR (old.session_id IS DISTINCT FROM new.session_id)) OR (old.ring_in_use IS DISTINCT FROM new.ring_in_use)) OR (old.rests_until IS DISTINCT FROM new.rests_until))) EXECUTE FUNCTION peerage.tell_member();

CREATE TRIGGER queue_login_truncate BEFORE TRUNCATE ON peerage.queue_login FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE CONSTRAINT TRIGGER queue_login_whole_insert AFTER INSERT ON peerage.queue_login DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE CONSTRAINT TRIGGER queue_login_whole_update AFTER UPDATE OF session_id, queue_id, queue_name, interface, state_interface, paused ON peerage.queue_login DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.session_id <> new.session_id) OR (old.queue_id <> new.queue_id) OR (old.queue_name <> new.queue_name) OR (old.interface <> new.interface) OR (old.state_interface <> new.state_interface) OR (old.paused <> new.paused))) EXECUTE FUNCTION peerage.session_is_whole_still();

CREATE TRIGGER queue_renamed AFTER UPDATE OF name ON peerage.queue FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION peerage.queue_renamed();

CREATE TRIGGER queue_rule_audit_delete AFTER DELETE ON peerage.queue_rule REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_rule_audit_insert AFTER INSERT ON peerage.queue_rule REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_rule_audit_update AFTER UPDATE ON peerage.queue_rule REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER queue_rule_told AFTER INSERT OR DELETE OR UPDATE ON peerage.queue_rule FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER queue_rule_truncate BEFORE TRUNCATE ON peerage.queue_rule FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER queue_told AFTER INSERT OR DELETE OR UPDATE ON peerage.queue FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER queue_truncate BEFORE TRUNCATE ON peerage.queue FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER sip_account_audit_delete AFTER DELETE ON peerage.sip_account REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER sip_account_audit_insert AFTER INSERT ON peerage.sip_account REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER sip_account_audit_update AFTER UPDATE ON peerage.sip_account REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER sip_account_contacts AFTER DELETE ON peerage.sip_account REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.sip_account_contacts();

CREATE TRIGGER sip_account_ends_refused_sessions AFTER UPDATE OF site_id ON peerage.sip_account FOR EACH ROW WHEN ((old.site_id IS DISTINCT FROM new.site_id)) EXECUTE FUNCTION peerage.end_refused_sessions();

CREATE TRIGGER sip_account_ends_sessions_disabled AFTER UPDATE OF disabled ON peerage.sip_account FOR EACH ROW WHEN ((new.disabled AND (NOT old.disabled))) EXECUTE FUNCTION peerage.sip_account_ends_sessions();

CREATE TRIGGER sip_account_ends_sessions_removed AFTER DELETE ON peerage.sip_account FOR EACH ROW EXECUTE FUNCTION peerage.sip_account_ends_sessions();

CREATE TRIGGER sip_account_id BEFORE UPDATE OF id ON peerage.sip_account FOR EACH ROW WHEN ((old.id IS DISTINCT FROM new.id)) EXECUTE FUNCTION peerage.refuse_new_id();

CREATE TRIGGER sip_account_is_at_work BEFORE UPDATE OF number ON peerage.sip_account FOR EACH ROW WHEN ((old.number IS DISTINCT FROM new.number)) EXECUTE FUNCTION peerage.sip_account_is_at_work();

CREATE TRIGGER sip_account_moved AFTER UPDATE OF site_id ON peerage.sip_account FOR EACH ROW WHEN ((old.site_id IS DISTINCT FROM new.site_id)) EXECUTE FUNCTION peerage.sip_account_moved();

CREATE CONSTRAINT TRIGGER sip_account_owner AFTER INSERT ON peerage.sip_account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION peerage.account_has_an_owner();

CREATE TRIGGER sip_account_renumbered AFTER UPDATE OF number ON peerage.sip_account FOR EACH ROW WHEN ((old.number IS DISTINCT FROM new.number)) EXECUTE FUNCTION peerage.sip_account_renumbered();

CREATE TRIGGER sip_account_served_delete AFTER DELETE ON peerage.sip_account REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_changed();

CREATE TRIGGER sip_account_served_insert AFTER INSERT ON peerage.sip_account REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_changed();

CREATE TRIGGER sip_account_served_update AFTER UPDATE ON peerage.sip_account REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_changed();

CREATE TRIGGER sip_account_transports_changed AFTER UPDATE OF transports ON peerage.sip_account FOR EACH ROW WHEN ((old.transports IS DISTINCT FROM new.transports)) EXECUTE FUNCTION peerage.sip_account_transports_changed();

CREATE TRIGGER sip_account_truncate BEFORE TRUNCATE ON peerage.sip_account FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER sip_account_unregisters AFTER UPDATE OF disabled ON peerage.sip_account FOR EACH ROW WHEN ((new.disabled AND (NOT old.disabled))) EXECUTE FUNCTION peerage.sip_account_unregisters();

CREATE TRIGGER sip_contact_written BEFORE INSERT OR UPDATE OF id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr, via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only ON peerage.sip_contact FOR EACH ROW EXECUTE FUNCTION peerage.sip_contact_written();

CREATE TRIGGER sip_peer_defaultuser BEFORE UPDATE OF defaultuser ON peerage.sip_peer FOR EACH ROW WHEN ((new.defaultuser !~ '^[!-~]{0,255}$'::text)) EXECUTE FUNCTION peerage.sip_peer_defaultuser();

CREATE TRIGGER sip_peer_renumbered AFTER UPDATE OF number ON peerage.sip_account FOR EACH ROW WHEN ((old.number IS DISTINCT FROM new.number)) EXECUTE FUNCTION peerage.sip_peer_renumbered();

CREATE TRIGGER sip_peer_truncate BEFORE TRUNCATE ON peerage.sip_peer FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER sip_peer_written BEFORE UPDATE OF ipaddr, port, regseconds, fullcontact, regserver, useragent, lastms, path ON peerage.sip_peer FOR EACH ROW EXECUTE FUNCTION peerage.sip_peer_written();

CREATE TRIGGER sip_secret_audit_delete AFTER DELETE ON peerage.sip_secret REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('md5', 'sha256');

CREATE TRIGGER sip_secret_audit_insert AFTER INSERT ON peerage.sip_secret REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('md5', 'sha256');

CREATE TRIGGER sip_secret_audit_update AFTER UPDATE ON peerage.sip_secret REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit('md5', 'sha256');

CREATE TRIGGER sip_secret_nulls BEFORE INSERT OR UPDATE ON peerage.sip_secret FOR EACH ROW WHEN ((num_nulls(new.id, new.number, new.realm, new.md5, new.sha256, new.weak, new.changed_at) > 0)) EXECUTE FUNCTION peerage.refuse_null();

CREATE TRIGGER sip_secret_served_delete AFTER DELETE ON peerage.sip_secret REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_secrets();

CREATE TRIGGER sip_secret_served_insert AFTER INSERT ON peerage.sip_secret REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_secrets();

CREATE TRIGGER sip_secret_served_update AFTER UPDATE ON peerage.sip_secret REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.serve_secrets();

CREATE TRIGGER sip_secret_truncate BEFORE TRUNCATE ON peerage.sip_secret FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER sip_secret_unregisters AFTER UPDATE OF md5, sha256 ON peerage.sip_secret FOR EACH ROW WHEN (((old.md5 IS DISTINCT FROM new.md5) OR (old.sha256 IS DISTINCT FROM new.sha256))) EXECUTE FUNCTION peerage.sip_account_unregisters();

CREATE TRIGGER site_audit_delete AFTER DELETE ON peerage.site REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER site_audit_insert AFTER INSERT ON peerage.site REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER site_audit_update AFTER UPDATE ON peerage.site REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER site_ends_refused_sessions AFTER UPDATE OF country, outside_numbers ON peerage.site FOR EACH ROW WHEN (((old.country IS DISTINCT FROM new.country) OR (old.outside_numbers IS DISTINCT FROM new.outside_numbers))) EXECUTE FUNCTION peerage.end_refused_sessions();

CREATE TRIGGER site_served AFTER UPDATE OF offer_sha256, rtcachefriends ON peerage.site FOR EACH ROW WHEN (((old.offer_sha256 IS DISTINCT FROM new.offer_sha256) OR (old.rtcachefriends IS DISTINCT FROM new.rtcachefriends))) EXECUTE FUNCTION peerage.serve_site();

CREATE TRIGGER site_told AFTER INSERT OR DELETE OR UPDATE ON peerage.site FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER site_truncate BEFORE TRUNCATE ON peerage.site FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

CREATE TRIGGER supervisor_queue_audit_delete AFTER DELETE ON peerage.supervisor_queue REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER supervisor_queue_audit_insert AFTER INSERT ON peerage.supervisor_queue REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION peerage.audit();

CREATE TRIGGER supervisor_queue_told AFTER INSERT OR DELETE OR UPDATE ON peerage.supervisor_queue FOR EACH STATEMENT EXECUTE FUNCTION peerage.tell_table();

CREATE TRIGGER supervisor_queue_truncate BEFORE TRUNCATE ON peerage.supervisor_queue FOR EACH STATEMENT EXECUTE FUNCTION peerage.refuse_truncate();

ALTER TABLE ONLY peerage.agent
    ADD CONSTRAINT agent_account_id_fk FOREIGN KEY (account_id, number, account_kind) REFERENCES peerage.sip_account(id, number, kind) ON UPDATE CASCADE ON DELETE SET NULL (account_id);

ALTER TABLE ONLY peerage.agent_call
    ADD CONSTRAINT agent_call_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.agent_call
    ADD CONSTRAINT agent_call_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.agent_channel
    ADD CONSTRAINT agent_channel_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id);

ALTER TABLE ONLY peerage.agent_pause
    ADD CONSTRAINT agent_pause_reason_id_fk FOREIGN KEY (reason_id) REFERENCES peerage.pause_reason(id) ON DELETE SET NULL;

ALTER TABLE ONLY peerage.agent_pause
    ADD CONSTRAINT agent_pause_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id);

ALTER TABLE ONLY peerage.agent_place
    ADD CONSTRAINT agent_place_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id);

ALTER TABLE ONLY peerage.agent_presence
    ADD CONSTRAINT agent_presence_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.agent_request
    ADD CONSTRAINT agent_request_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id);

ALTER TABLE ONLY peerage.agent_session
    ADD CONSTRAINT agent_session_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id);

ALTER TABLE ONLY peerage.agent_state
    ADD CONSTRAINT agent_state_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id);

ALTER TABLE ONLY peerage.api_token
    ADD CONSTRAINT api_token_login_id_fk FOREIGN KEY (login_id) REFERENCES peerage.login_account(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.client_log
    ADD CONSTRAINT client_log_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id);

ALTER TABLE ONLY peerage.console_session
    ADD CONSTRAINT console_session_login_id_fk FOREIGN KEY (login_id) REFERENCES peerage.login_account(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.login_account
    ADD CONSTRAINT login_account_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id);

ALTER TABLE ONLY peerage.node_address
    ADD CONSTRAINT node_address_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_clock
    ADD CONSTRAINT node_clock_login_fk FOREIGN KEY (login) REFERENCES peerage.node(login) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_device
    ADD CONSTRAINT node_device_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_lease
    ADD CONSTRAINT node_lease_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_report
    ADD CONSTRAINT node_report_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_service
    ADD CONSTRAINT node_service_node_id_fk FOREIGN KEY (node_id) REFERENCES peerage.node(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_site
    ADD CONSTRAINT node_site_login_fk FOREIGN KEY (login) REFERENCES peerage.node(login) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY peerage.node_site
    ADD CONSTRAINT node_site_site_id_fk FOREIGN KEY (site_id) REFERENCES peerage.site(id);

ALTER TABLE ONLY peerage.pause_order
    ADD CONSTRAINT pause_order_node_fk FOREIGN KEY (node) REFERENCES peerage.node(name) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY peerage.pause_seen
    ADD CONSTRAINT pause_seen_node_fk FOREIGN KEY (node) REFERENCES peerage.node(name) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY peerage.pause_seen
    ADD CONSTRAINT pause_seen_uniqueid_fk FOREIGN KEY (uniqueid) REFERENCES peerage.queue_login(uniqueid) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.phone
    ADD CONSTRAINT phone_account_id_fk FOREIGN KEY (account_id, number, account_kind) REFERENCES peerage.sip_account(id, number, kind) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY peerage.queue_assignment
    ADD CONSTRAINT queue_assignment_agent_id_fk FOREIGN KEY (agent_id) REFERENCES peerage.agent(id);

ALTER TABLE ONLY peerage.queue_assignment
    ADD CONSTRAINT queue_assignment_queue_id_fk FOREIGN KEY (queue_id) REFERENCES peerage.queue(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.queue_login
    ADD CONSTRAINT queue_login_queue_id_fk FOREIGN KEY (queue_id) REFERENCES peerage.queue(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.queue_login
    ADD CONSTRAINT queue_login_session_id_fk FOREIGN KEY (session_id) REFERENCES peerage.agent_session(id);

ALTER TABLE ONLY peerage.sign_in_device
    ADD CONSTRAINT sign_in_device_login_id_fk FOREIGN KEY (login_id) REFERENCES peerage.login_account(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.sign_in_network
    ADD CONSTRAINT sign_in_network_login_id_fk FOREIGN KEY (login_id) REFERENCES peerage.login_account(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.sip_account
    ADD CONSTRAINT sip_account_site_id_fk FOREIGN KEY (site_id) REFERENCES peerage.site(id);

ALTER TABLE ONLY peerage.sip_secret
    ADD CONSTRAINT sip_secret_id_number_fk FOREIGN KEY (id, number) REFERENCES peerage.sip_account(id, number) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY peerage.site
    ADD CONSTRAINT site_country_fk FOREIGN KEY (country) REFERENCES peerage.country(code);

ALTER TABLE ONLY peerage.supervisor_queue
    ADD CONSTRAINT supervisor_queue_login_id_fk FOREIGN KEY (login_id) REFERENCES peerage.login_account(id) ON DELETE CASCADE;

ALTER TABLE ONLY peerage.supervisor_queue
    ADD CONSTRAINT supervisor_queue_queue_id_fk FOREIGN KEY (queue_id) REFERENCES peerage.queue(id) ON DELETE CASCADE;

GRANT USAGE ON SCHEMA peerage TO peerage_app;
GRANT USAGE ON SCHEMA peerage TO peerage_contacts;

REVOKE ALL ON FUNCTION peerage.account_goes_with_its_owner() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.account_has_an_owner() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.actor() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.agent_outside_numbers() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.agent_removal() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.agent_removed() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.agent_session_log() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.agent_session_outside_number() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.another_is_able(of_node bigint, than_service text, within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.another_is_able(of_node bigint, than_service text, within interval) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.are_empty_words(words text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.are_empty_words(words text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.are_groups(list smallint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.are_groups(list smallint[]) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.are_names(list text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.are_names(list text[]) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.are_number_patterns(list text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.are_number_patterns(list text[]) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.audit() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.audit_row(changed jsonb, secret text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.audit_subject(changed jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.begin_membership(wanted bigint, of_queue bigint, at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.check_session(wanted bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.contact_address(host text) FROM PUBLIC;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sip_contact TO peerage_app;
GRANT SELECT ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(id),UPDATE(id) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(expiration_time),UPDATE(expiration_time) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(uri),UPDATE(uri) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(qualify_frequency),UPDATE(qualify_frequency) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(outbound_proxy),UPDATE(outbound_proxy) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(path),UPDATE(path) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(user_agent),UPDATE(user_agent) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(qualify_timeout),UPDATE(qualify_timeout) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(reg_server),UPDATE(reg_server) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(authenticate_qualify),UPDATE(authenticate_qualify) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(via_addr),UPDATE(via_addr) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(via_port),UPDATE(via_port) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(call_id),UPDATE(call_id) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(endpoint),UPDATE(endpoint) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(prune_on_boot),UPDATE(prune_on_boot) ON TABLE peerage.sip_contact TO peerage_contacts;

GRANT INSERT(qualify_2xx_only),UPDATE(qualify_2xx_only) ON TABLE peerage.sip_contact TO peerage_contacts;

REVOKE ALL ON FUNCTION peerage.contact_fault(contact peerage.sip_contact) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.cut(words text, bytes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.cut(words text, bytes integer) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.cut_bytes(written text, most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.decode_bytes(written text) FROM PUBLIC;

GRANT SELECT ON TABLE peerage.sip_peer TO peerage_app;

REVOKE ALL ON FUNCTION peerage.drop_registrations(of_number text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse(relation text, constraint_name text, field text, value text, rule text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.refuse(relation text, constraint_name text, field text, value text, rule text) TO peerage_app;

GRANT SELECT ON TABLE peerage.node TO peerage_app;
GRANT SELECT ON TABLE peerage.node TO peerage_contacts;

GRANT UPDATE(manager) ON TABLE peerage.node TO peerage_app;

GRANT UPDATE(manager_user) ON TABLE peerage.node TO peerage_app;

GRANT UPDATE(cache_seconds) ON TABLE peerage.node TO peerage_app;

GRANT UPDATE(keeps_peers) ON TABLE peerage.node TO peerage_app;

REVOKE ALL ON FUNCTION peerage.end_overlong_transactions(longest interval) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.end_overlong_transactions(longest interval) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.end_refused_sessions() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.end_rests() FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.end_rests() TO peerage_app;

REVOKE ALL ON FUNCTION peerage.end_session(wanted bigint, cause text, why text, by text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.end_session(wanted bigint, cause text, why text, by text, at timestamp with time zone) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.end_sip_registration(of_number text, of_node text, as_written timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.end_sip_registration(of_number text, of_node text, as_written timestamp with time zone) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.forget_sign_ins(most bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.forget_sign_ins(most bigint) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.from_bytes(written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.is_address(written text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.is_address(written text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.is_port(written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_option_kind(name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.is_queue_option(name text, value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.lead(by_service text, by_name text, linked text[], able text[], candidates text[], lease_seconds double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.lead(by_service text, by_name text, linked text[], able text[], candidates text[], lease_seconds double precision) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.lock_agent(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.lock_agent(wanted bigint) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.logged_agent(member text, call text, at timestamp with time zone, OUT agent_id bigint, OUT agent_number text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.make_room_for_contact(wanted text, bound text[], max_contacts integer, by_login text) FROM PUBLIC;

GRANT SELECT ON TABLE peerage.node_clock TO peerage_app;

REVOKE ALL ON FUNCTION peerage.node_clock_ahead(of_login text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.node_renamed() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.node_says(said bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.number_allowed(of_site bigint, number text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.number_allowed(of_site bigint, number text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.number_pattern(pattern text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.number_pattern(pattern text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.to_bytes(plain text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.to_bytes(plain text) TO peerage_app;
GRANT ALL ON FUNCTION peerage.to_bytes(plain text) TO peerage_asterisk;
GRANT ALL ON FUNCTION peerage.to_bytes(plain text) TO peerage_asterisk_sites;

REVOKE ALL ON FUNCTION peerage.received(written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.only_shown(written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.outside_number_allowed(of_site bigint, number text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.outside_number_allowed(of_site bigint, number text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.outside_number_of(interface text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamp with time zone) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.pause_told(member text, of_node text, is_paused text, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.pause_told(member text, of_node text, is_paused text, why text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.queue_assignment_follows() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_is_another() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_log() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_probe() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_rests() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_site() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_login_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_option_rule(kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.queue_renamed() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.unwire(stored text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.read_line(written text, bytes integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_contact(wrong text, written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_contact_at_node(uri text, path text, outbound_proxy text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_delete() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_new_id() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_null() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_number(of_site bigint, constraint_name text, field text, number text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_peer(wrong text, written text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.refuse_queue_options(options jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.refuse_queue_options(options jsonb) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.refuse_truncate() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.transport_of(uri text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.registered_transport(fullcontact text, transports text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.report_devices(of_node text, by_service text, by_epoch bigint, devices text[], words text[], missing text[], is_all boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.report_devices(of_node text, by_service text, by_epoch bigint, devices text[], words text[], missing text[], is_all boolean) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.see_calls(of_node text, by_service text, by_epoch bigint, numbers text[], states text[], sinces timestamp with time zone[], ends timestamp with time zone[], whole boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.see_calls(of_node text, by_service text, by_epoch bigint, numbers text[], states text[], sinces timestamp with time zone[], ends timestamp with time zone[], whole boolean) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.sent(plain text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.sent(plain text) TO peerage_app;
GRANT ALL ON FUNCTION peerage.sent(plain text) TO peerage_asterisk;
GRANT ALL ON FUNCTION peerage.sent(plain text) TO peerage_asterisk_sites;

REVOKE ALL ON FUNCTION peerage.serve(changed text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.serve_all() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.serve_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.serve_new(added text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.serve_secrets() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.serve_site() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.session_is_whole() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.session_is_whole_still() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.settle(wanted bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.settle(wanted bigint, at timestamp with time zone) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.sign_in_delay(lane text, failures integer) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.sign_in_delay(lane text, failures integer) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.sign_in_memory(lane text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.sign_in_memory(lane text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.sip_account_contacts() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_ends_sessions() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_is_at_work() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_moved() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_renumbered() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_transports_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_account_unregisters() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_contact_written() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_peer_defaultuser() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_peer_renumbered() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.sip_peer_written() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.stop_leading(by_service text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.stop_leading(by_service text) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.tell(channel text, numbers text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_devices() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_member() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_numbers() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_report() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_sessions() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.tell_table() FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.time_of(agents bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.time_of(agents bigint[]) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamp with time zone) TO peerage_app;

REVOKE ALL ON FUNCTION peerage.wire(written text) FROM PUBLIC;
GRANT ALL ON FUNCTION peerage.wire(written text) TO peerage_asterisk;
GRANT ALL ON FUNCTION peerage.wire(written text) TO peerage_asterisk_sites;

REVOKE ALL ON FUNCTION peerage.wire_callerid(name text, number text, own text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.wire_variables(chanspy boolean, record text) FROM PUBLIC;

REVOKE ALL ON FUNCTION peerage.writer() FROM PUBLIC;

GRANT SELECT ON TABLE peerage.pjsip_aor TO peerage_app;

GRANT SELECT ON TABLE peerage.pjsip_auth TO peerage_app;

GRANT SELECT ON TABLE peerage.pjsip_identify TO peerage_app;

GRANT SELECT ON TABLE peerage.pjsip_endpoint TO peerage_app;

GRANT SELECT ON TABLE peerage.queue_log TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.queue_login TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.queue_rule TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.queue TO peerage_app;

GRANT SELECT ON TABLE peerage.node_site TO peerage_app;
GRANT SELECT ON TABLE peerage.node_site TO peerage_contacts;

GRANT SELECT ON TABLE peerage.__diesel_schema_migrations TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.agent TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_call TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.agent_channel TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_pause TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_place TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.agent_presence TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_session TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.node_device TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.node_lease TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.node_report TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sip_account TO peerage_app;

GRANT SELECT ON TABLE peerage.agent_reach TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_request TO peerage_app;

GRANT SELECT,INSERT,UPDATE ON TABLE peerage.agent_state TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.api_token TO peerage_app;

GRANT SELECT ON TABLE peerage.audit_entry TO peerage_app;

GRANT SELECT ON TABLE peerage.call_now TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.client_log TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.console_session TO peerage_app;

GRANT SELECT ON TABLE peerage.country TO peerage_app;

GRANT SELECT ON TABLE peerage.device_registration TO peerage_app;

GRANT SELECT,UPDATE ON TABLE peerage.interface_lock TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.login_account TO peerage_app;

GRANT SELECT,INSERT,DELETE ON TABLE peerage.node_address TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.node_service TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.pause_order TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.pause_reason TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.pause_seen TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.phone TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sip_secret TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.site TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.queue_assignment TO peerage_app;

GRANT SELECT ON TABLE peerage.refused_number TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.service_beat TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sign_in_attempt TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sign_in_device TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.sign_in_network TO peerage_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE peerage.supervisor_queue TO peerage_app;

GRANT SELECT ON TABLE peerage.view_install TO peerage_app;

