-- Guessing: how often somebody failed to sign in, by what they are told apart, and how long they wait.
--
-- An attempt runs in a lane, and each lane has an allowance of its own:
--
--   device   a browser in which the user signed in before, known by a cookie
--   network  the network from which the user signed in before
--   user     everybody else, all together: an outsider with many addresses has no more guesses than one with one
--   own      whoever is signed in and changes the own password
--
-- So an outsider uses up the allowance of lane user and no other, and whoever is known is not kept out. Beside them, lane address counts all
-- failures from a network, whatever the user, and holds back whoever comes from there in lane user.

create table peerage.sign_in_attempt (
  id bigint generated always as identity,
  lane text not null,
  user_digest text collate "C" not null default '',
  network text collate "C" not null default '',
  device_digest text collate "C" not null default '',
  failures integer not null default 1,
  blocked_until timestamptz,
  failed_at timestamptz not null default clock_timestamp(),
  constraint sign_in_attempt_id_pk primary key (id),
  constraint sign_in_attempt_lane_key unique (lane, user_digest, network, device_digest),
  constraint sign_in_attempt_lane_check check (lane in ('device', 'network', 'user', 'own', 'address')),
  constraint sign_in_attempt_user_digest_check check (user_digest ~ '^([0-9a-f]{64})?$'),
  constraint sign_in_attempt_network_check check (octet_length(network) <= 64),
  constraint sign_in_attempt_device_digest_check check (device_digest ~ '^([0-9a-f]{64})?$'),
  constraint sign_in_attempt_failures_check check (failures > 0)
);

create index sign_in_attempt_user_digest_idx on peerage.sign_in_attempt (user_digest);

-- What is over is removed by age.
create index sign_in_attempt_failed_at_idx on peerage.sign_in_attempt (failed_at);

comment on table peerage.sign_in_attempt is 'Failures to sign in since the last success, by lane. A row that is old, or one of too many, is removed.';
comment on column peerage.sign_in_attempt.id is 'Surrogate key; never reused.';
comment on column peerage.sign_in_attempt.lane is 'device, network, user, own or address: whose allowance it is.';
comment on column peerage.sign_in_attempt.user_digest is 'SHA-256 of the name that was given, in hex: people type passwords there by mistake. Empty in lane address.';
comment on column peerage.sign_in_attempt.network is 'An IPv4 address or an IPv6 network of 64 bits, in lanes network and address; else empty.';
comment on column peerage.sign_in_attempt.device_digest is 'SHA-256 of the device''s cookie, in hex, in lane device; else empty.';
comment on column peerage.sign_in_attempt.failures is 'Failures, and attempts that are under way.';
comment on column peerage.sign_in_attempt.blocked_until is 'When the next attempt may be made; null for at once.';
comment on column peerage.sign_in_attempt.failed_at is 'The last attempt.';

create table peerage.sign_in_device (
  id bigint generated always as identity,
  login_id bigint not null,
  device_digest text collate "C" not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint sign_in_device_id_pk primary key (id),
  constraint sign_in_device_login_id_device_digest_key unique (login_id, device_digest),
  constraint sign_in_device_login_id_fk foreign key (login_id) references peerage.login_account (id) on delete cascade,
  constraint sign_in_device_device_digest_check check (device_digest ~ '^[0-9a-f]{64}$')
);

create index sign_in_device_seen_at_idx on peerage.sign_in_device (seen_at);

comment on table peerage.sign_in_device is 'Browsers in which a user has signed in. They let nobody in; they only have an allowance of their own.';
comment on column peerage.sign_in_device.id is 'Surrogate key; never reused.';
comment on column peerage.sign_in_device.login_id is 'The user.';
comment on column peerage.sign_in_device.device_digest is 'SHA-256 of the device''s cookie, in hex.';
comment on column peerage.sign_in_device.seen_at is 'The last sign-in there.';

create table peerage.sign_in_network (
  id bigint generated always as identity,
  login_id bigint not null,
  network text collate "C" not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint sign_in_network_id_pk primary key (id),
  constraint sign_in_network_login_id_network_key unique (login_id, network),
  constraint sign_in_network_login_id_fk foreign key (login_id) references peerage.login_account (id) on delete cascade,
  constraint sign_in_network_network_check check (octet_length(network) between 1 and 64)
);

create index sign_in_network_seen_at_idx on peerage.sign_in_network (seen_at);

comment on table peerage.sign_in_network is 'Networks from which a user has signed in.';
comment on column peerage.sign_in_network.id is 'Surrogate key; never reused.';
comment on column peerage.sign_in_network.login_id is 'The user.';
comment on column peerage.sign_in_network.network is 'An IPv4 address or an IPv6 network of 64 bits.';
comment on column peerage.sign_in_network.seen_at is 'The last sign-in from there.';

create function peerage.sign_in_delay(lane text, failures integer)
  returns interval
  language sql
  immutable
  parallel safe
  return (
    select
      case
        when failures >= free then make_interval(secs => least(60 * 2.0 ^ least(failures - free, 6), 3600))
      end
    from (select case lane when 'address' then 50 else 5 end) as allowance (free)
  );

comment on function peerage.sign_in_delay(text, integer) is 'How long a lane waits after so many failures: five are free, fifty for an address; then a minute, doubled each time, up to an hour. Null for not at all.';

create function peerage.sign_in_memory(lane text)
  returns interval
  language sql
  immutable
  parallel safe
  return case lane when 'address' then interval '1 hour' else interval '1 day' end;

comment on function peerage.sign_in_memory(text) is 'How long after the last one the failures of a lane are forgotten.';

create function peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text)
  returns timestamptz
  language sql
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.count_sign_in(text, text, text, text) is 'Counts an attempt in a lane before it is made, so that many at once are no more than many in a row. Null when the lane is blocked.';

create function peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean)
  returns table (login_id bigint, password_hash text, lane text, wait_seconds double precision)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.begin_sign_in(text, text, text, text, boolean, boolean) is 'The user of this name, none when there is none; the lane in which an attempt runs, and how long it must wait. Counts the attempt if asked to.';

create function peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.end_sign_in(bigint, text, text, text, text, boolean) is 'Notes what became of an attempt that was counted: a success gives its allowance back, a failure shows with the user and in the audit.';

create function peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.note_sign_in(bigint, text, text, text) is 'Remembers network and browser of a sign-in, the last 10 and the last 20 of a user. The browser gets a new cookie each time.';

create function peerage.forget_sign_ins(most bigint)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.forget_sign_ins(bigint) is 'Removes failures that are old, the least telling ones above this number of rows, and browsers and networks that were not used for long.';

grant select, insert, update, delete
  on peerage.sign_in_attempt, peerage.sign_in_device, peerage.sign_in_network
  to peerage_app;

grant execute
  on function peerage.sign_in_delay(text, integer), peerage.sign_in_memory(text), peerage.count_sign_in(text, text, text, text),
    peerage.begin_sign_in(text, text, text, text, boolean, boolean), peerage.end_sign_in(bigint, text, text, text, text, boolean),
    peerage.note_sign_in(bigint, text, text, text), peerage.forget_sign_ins(bigint)
  to peerage_app;
