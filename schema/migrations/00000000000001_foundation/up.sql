-- The ground the other tables stand on: helper functions, the view ledger, nodes and sites.
-- Runs as peerage_owner, so that everything below belongs to it.

create function peerage.refuse(
  relation text,
  constraint_name text,
  field text,
  value text,
  rule text
)
  returns boolean
  language plpgsql
  volatile
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.refuse(text, text, text, text, text) is
  'Called by a check constraint whose rule is broken. Raises check_violation that names the field, the value and the rule; PostgreSQL''s own message would name only the constraint and print the whole row. Volatile, or the planner would call it ahead of time.';

create function peerage.wire(written text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return replace(replace(written, '^', '^5E'), ';', '^3B');

comment on function peerage.wire(text) is
  'A text as it must stand in a realtime column: `;` separates values there and `^` introduces a code (res_config_pgsql.c, ESCAPE_STRING; Asterisk 16 to 23).';

create function peerage.unwire(stored text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return replace(replace(stored, '^3B', ';'), '^5E', '^');

comment on function peerage.unwire(text) is
  'The text behind a realtime column that Asterisk wrote: the inverse of peerage.wire.';

-- Texts between Asterisk and the database. Asterisk sends and expects bytes, mostly UTF-8 and sometimes not: a phone may have
-- a name in Latin-1. A node's login therefore has client_encoding LATIN1, which takes every byte as the letter of that number.
-- What Asterisk itself reads back is kept so; people read it decoded; and what it is told of ours is turned into such bytes on
-- the way. Clients of another encoding see and write plain texts in the same columns.

create function peerage.to_bytes(plain text)
  returns text
  language sql
  immutable
  strict
  parallel safe
  return convert_from(convert_to(plain, 'UTF8'), 'LATIN1');

comment on function peerage.to_bytes(text) is 'A text as the bytes of its UTF-8, each as the Latin-1 letter of that number.';

create function peerage.decode_bytes(written text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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
$$;

comment on function peerage.decode_bytes(text) is 'The text behind bytes that came as Latin-1 letters: UTF-8 where they are that, else Latin-1, which shows every byte.';

create function peerage.from_bytes(written text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when octet_length(written) = char_length(written) then written
    else peerage.decode_bytes(written)
  end;

comment on function peerage.from_bytes(text) is 'As peerage.decode_bytes, without a call for what is ASCII.';

create function peerage.received(written text)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(written) = char_length(written) or pg_client_encoding() = 'LATIN1' then written
    else peerage.to_bytes(written)
  end;

comment on function peerage.received(text) is 'What the client wrote, as bytes: a node''s text as it came, another client''s as its UTF-8.';

create function peerage.sent(plain text)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(plain) = char_length(plain) or pg_client_encoding() <> 'LATIN1' then plain
    else peerage.to_bytes(plain)
  end;

comment on function peerage.sent(text) is 'A text for the client that asks: for a node such that its UTF-8 goes over the line, for others as it is.';

create function peerage.cut_bytes(written text, most integer)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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
$$;

comment on function peerage.cut_bytes(text, integer) is 'The first bytes of what Asterisk wrote, cut neither inside a letter of UTF-8 nor inside a code such as `^3B`.';

create function peerage.only_shown(written text)
  returns text
  language sql
  stable
  parallel safe
  return peerage.cut_bytes(regexp_replace(peerage.received(written), '[\u0001-\u001f\u007f]', ' ', 'g'), 255);

comment on function peerage.only_shown(text) is 'What the client wrote, as bytes, for people to read: at most 255 bytes, a blank for each control character.';

create function peerage.is_port(written text)
  returns boolean
  language sql
  immutable
  parallel safe
  return case
    when written ~ '^[0-9]{1,5}$' then written::integer <= 65535
    else written = ''
  end;

comment on function peerage.is_port(text) is 'Whether a text is a port, 0 included, or empty.';

create function peerage.are_groups(list smallint[])
  returns boolean
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.are_groups(smallint[]) is
  'Whether a list holds group numbers only (0 to 63, main/channel.c ast_get_group), none twice.';

create function peerage.are_names(list text[])
  returns boolean
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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
$$;

comment on function peerage.are_names(text[]) is
  'Whether a list holds names of groups only (letters, digits, `_`, `.`, `-`; at most 79), none twice.';

create function peerage.are_number_patterns(list text[])
  returns boolean
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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
$$;

comment on function peerage.are_number_patterns(text[]) is
  'Whether a list holds patterns of outside numbers only, at least one and none twice. The letters are those of Asterisk''s patterns (X, Z, N), but `.` stands for digits alone.';

create function peerage.is_address(written text)
  returns boolean
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.is_address(text) is
  'Whether a text is one IP address of a host in its canonical form: no mask, no name, not unspecified, multicast, broadcast or IPv4-mapped.';

create table peerage.site (
  id bigint generated always as identity,
  name text not null,
  driver text not null default 'pjsip',
  realm text not null default 'asterisk',
  offer_sha256 boolean not null default false,
  rtcachefriends boolean not null default true,
  conflict_policy text not null default 'deny',
  disconnection_timeout_seconds integer not null default 300,
  time_zone text not null default 'UTC',
  emergency_callerid text,
  country text,
  outside_numbers text[],
  created_at timestamptz not null default clock_timestamp(),
  constraint site_id_pk primary key (id),
  constraint site_name_key unique (name),
  constraint site_name_check check (
    case
      when name ~ '^[a-z0-9][a-z0-9-]{0,39}$' then true
      else peerage.refuse('site', 'site_name_check', 'name', name, 'a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`')
    end
  ),
  constraint site_driver_check check (
    case
      when driver in ('pjsip', 'sip') then true
      else peerage.refuse('site', 'site_driver_check', 'driver', driver, 'one of pjsip, sip')
    end
  ),
  constraint site_realm_check check (
    case
      when realm ~ '^[0-9A-Za-z_.-]{1,79}$' then true
      else peerage.refuse('site', 'site_realm_check', 'realm', realm, '1 to 79 letters, digits, `_`, `.` or `-`')
    end
  ),
  constraint site_conflict_policy_check check (
    case
      when conflict_policy in ('deny', 'take_over') then true
      else peerage.refuse('site', 'site_conflict_policy_check', 'conflict_policy', conflict_policy, 'one of deny, take_over')
    end
  ),
  constraint site_disconnection_timeout_seconds_check check (
    case
      when disconnection_timeout_seconds between 0 and 86400 then true
      else peerage.refuse('site', 'site_disconnection_timeout_seconds_check', 'disconnection_timeout_seconds', disconnection_timeout_seconds::text, '0 to 86400 seconds; 0 is never')
    end
  ),
  constraint site_time_zone_check check (
    case
      when time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' then true
      else peerage.refuse('site', 'site_time_zone_check', 'time_zone', time_zone, 'the name of a time zone, such as Europe/Rome')
    end
  ),
  constraint site_emergency_callerid_check check (
    case
      when emergency_callerid is null or emergency_callerid ~ '^[0-9A-Za-z*#+._-]{1,40}$' then true
      else peerage.refuse('site', 'site_emergency_callerid_check', 'emergency_callerid', emergency_callerid, '1 to 40 letters, digits or `*#+._-`')
    end
  ),
  constraint site_country_check check (
    case
      when country is null or country ~ '^[A-Z]{2}$' then true
      else peerage.refuse('site', 'site_country_check', 'country', country, 'the two capital letters of a country (ISO 3166), such as IT')
    end
  ),
  constraint site_outside_numbers_check check (
    case
      when outside_numbers is null or peerage.are_number_patterns(outside_numbers) then true
      else peerage.refuse('site', 'site_outside_numbers_check', 'outside_numbers', array_to_string(outside_numbers, ',', '?'), 'patterns of numbers, none twice: digits, `*`, `#`; `X` for 0-9, `Z` for 1-9, `N` for 2-9, `[357]` for one of these; `+` in front and `.` for further digits at the end')
    end
  )
);

comment on table peerage.site is 'A place with its own policy. Each agent and telephone belongs to one; the first is named `default`.';
comment on column peerage.site.id is 'Surrogate key; never reused.';
comment on column peerage.site.name is 'Name used on the command line.';
comment on column peerage.site.driver is 'SIP channel driver of the Asterisk nodes here: pjsip, or sip (chan_sip, Asterisk up to 20).';
comment on column peerage.site.realm is 'Realm for which new secrets are digested; must equal `realm` of sip.conf. A change leaves existing digests as they are.';
comment on column peerage.site.offer_sha256 is 'Whether PJSIP offers SHA-256 before MD5 (RFC 8760; Asterisk 20.12, 21.7, 22.2 and later).';
comment on column peerage.site.rtcachefriends is 'Whether the chan_sip nodes here keep peers in memory (rtcachefriends of sip.conf). Without it chan_sip cannot qualify, and warns of each peer that asks for it.';
comment on column peerage.site.conflict_policy is 'What a login onto a busy telephone does: deny, or take_over.';
comment on column peerage.site.disconnection_timeout_seconds is 'Seconds after which an agent whose page is gone is logged out; 0 is never.';
comment on column peerage.site.time_zone is 'Time zone in which reports are read.';
comment on column peerage.site.emergency_callerid is 'Caller id number for emergency calls; null when the telephone''s own is right.';
comment on column peerage.site.country is 'Country whose fixed-line and mobile numbers agents'' phone and mobile may be, unless outside_numbers says otherwise: ISO 3166, two letters. Null: none.';
comment on column peerage.site.outside_numbers is 'Patterns of the numbers that agents'' phone and mobile may be, in place of the country''s. Null: the country''s.';
comment on column peerage.site.created_at is 'When the row was made.';

insert into peerage.site (name) values ('default');

create table peerage.node (
  id bigint generated always as identity,
  name text not null,
  login text not null,
  all_sites boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  constraint node_id_pk primary key (id),
  constraint node_name_key unique (name),
  constraint node_login_key unique (login),
  constraint node_name_check check (
    case
      when name ~ '^[a-z0-9][a-z0-9-]{0,39}$' then true
      else peerage.refuse('node', 'node_name_check', 'name', name, 'a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`')
    end
  ),
  constraint node_login_check check (
    case
      when login ~ '^[a-z_][a-z0-9_]{0,62}$' then true
      else peerage.refuse('node', 'node_login_check', 'login', login, 'a lower-case letter or `_`, then up to 62 lower-case letters, digits or `_`')
    end
  )
);

comment on table peerage.node is 'An Asterisk that reads this database. Its password is kept by PostgreSQL alone, as a SCRAM verifier.';
comment on column peerage.node.id is 'Surrogate key; never reused.';
comment on column peerage.node.name is 'Name of the node: `systemname` of asterisk.conf.';
comment on column peerage.node.login is 'The database role it signs in with; a member of peerage_asterisk. What that role writes, this node writes.';
comment on column peerage.node.all_sites is 'Whether it serves every site; if not, those of peerage.node_site.';
comment on column peerage.node.created_at is 'When the row was made.';

create function peerage.writer()
  returns text
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.writer() is
  'Which node writes: the one whose login this is, whatever the connection calls itself; of a login that is no node''s, its own name.';

create function peerage.actor()
  returns text
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.actor() is
  'Who acts: a node by its login, whatever the session says; else the setting peerage.actor of the transaction; else the database user, with what the program calls itself.';

create table peerage.view_install (
  id bigint generated always as identity,
  content_hash text not null,
  version text not null,
  installed_by text not null default session_user,
  installed_at timestamptz not null default clock_timestamp(),
  constraint view_install_id_pk primary key (id)
);

comment on table peerage.view_install is 'Ledger of view installs; the newest row says which text is in force.';
comment on column peerage.view_install.id is 'Order of the installs.';
comment on column peerage.view_install.content_hash is 'SHA-256 of the compiled script, hexadecimal.';
comment on column peerage.view_install.version is 'Version of Peerage that installed it.';
comment on column peerage.view_install.installed_by is 'Database user that installed it.';
comment on column peerage.view_install.installed_at is 'When it was installed.';
