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
  manager text,
  manager_user text not null default 'peerage',
  cache_seconds integer,
  keeps_peers boolean not null default false,
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
  ),
  constraint node_manager_check check (
    case
      when manager is null or (manager ~ '^([0-9A-Za-z.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$' and substring(manager from '[0-9]+$')::integer between 1 and 65535) then true
      else peerage.refuse('node', 'node_manager_check', 'manager', manager, 'host:port of Asterisk''s Manager interface')
    end
  ),
  constraint node_manager_user_check check (
    case
      when manager_user ~ '^[0-9A-Za-z_-]{1,64}$' then true
      else peerage.refuse('node', 'node_manager_user_check', 'manager_user', manager_user, '1 to 64 letters, digits, `_` or `-`')
    end
  ),
  constraint node_cache_seconds_check check (
    case
      when cache_seconds is null or cache_seconds between 0 and 86400 then true
      else peerage.refuse('node', 'node_cache_seconds_check', 'cache_seconds', cache_seconds::text, '0 to 86400 seconds')
    end
  )
);

comment on table peerage.node is 'An Asterisk that reads this database. Its password is kept by PostgreSQL alone, as a SCRAM verifier.';
comment on column peerage.node.id is 'Surrogate key; never reused.';
comment on column peerage.node.name is 'Name of the node: `systemname` of asterisk.conf.';
comment on column peerage.node.login is 'The database role it signs in with; a member of peerage_asterisk. What that role writes, this node writes.';
comment on column peerage.node.all_sites is 'Whether it serves every site; if not, those of peerage.node_site.';
comment on column peerage.node.created_at is 'When the row was made.';
comment on column peerage.node.manager is 'host:port of the node''s Manager interface (AMI), as the service reaches it; null: the service leaves this node alone. The secret stands in a file of the service, never here.';
comment on column peerage.node.manager_user is 'Who signs in there: a section of manager.conf.';
comment on column peerage.node.cache_seconds is 'How long its PJSIP keeps what it has read when nobody tells it of a change, as its configuration was last written; 0 keeps nothing. Null: not known, a day where there is a Manager interface.';
comment on column peerage.node.keeps_peers is 'Whether its chan_sip keeps peers in memory until it is told of a change, however long that takes.';

create table peerage.view_install (
  id bigint generated always as identity,
  content_hash text not null,
  code_hash text not null,
  mapping_hash text not null,
  version text not null,
  installed_by text not null default session_user,
  installed_at timestamptz not null default clock_timestamp(),
  fingerprint text,
  constraint view_install_id_pk primary key (id)
);

comment on table peerage.view_install is 'Ledger of view installs; the newest row says which text is in force.';
comment on column peerage.view_install.id is 'Order of the installs.';
comment on column peerage.view_install.content_hash is 'SHA-256 of the compiled script, hexadecimal.';
comment on column peerage.view_install.code_hash is 'SHA-256 of the code of schema peerage, hexadecimal.';
comment on column peerage.view_install.mapping_hash is 'SHA-256 of the part of it that says what Asterisk is told.';
comment on column peerage.view_install.version is 'Version of Peerage that installed it.';
comment on column peerage.view_install.installed_by is 'Database user that installed it.';
comment on column peerage.view_install.installed_at is 'When it was installed.';
comment on column peerage.view_install.fingerprint is 'Hash of what stood in the schemas of the views then; null while an install goes on.';
