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

grant select, insert, update, delete
  on peerage.sign_in_attempt, peerage.sign_in_device, peerage.sign_in_network
  to peerage_app;
