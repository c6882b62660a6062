-- Who is at work, where their calls ring, and whether they are paused: sessions, memberships, pauses, and the timeline
-- that history adds up from.
--
-- Order of locks: agent, then telephone, then membership. A time is taken after the agent's row is locked, never by now(),
-- or a login that waited for a logout would begin before it.

create table peerage.agent_session (
  id bigint generated always as identity,
  agent_id bigint not null,
  agent_number text collate "C" not null,
  interface_kind text not null,
  interface text collate "C" not null,
  state_interface text collate "C" not null,
  member_name text not null,
  phone_number text collate "C",
  begun_by text not null,
  ended_by text,
  end_cause text,
  end_reason text,
  began_at timestamptz not null,
  ended_at timestamptz,
  constraint agent_session_id_pk primary key (id),
  constraint agent_session_agent_id_fk foreign key (agent_id) references peerage.agent (id),
  constraint agent_session_member_name_check check (octet_length(member_name) <= 79),
  constraint agent_session_interface_kind_check check (interface_kind in ('internal', 'phone', 'mobile', 'hot_desk')),
  constraint agent_session_phone_number_check check ((interface_kind = 'hot_desk') = (phone_number is not null)),
  constraint agent_session_end_cause_check check (end_cause in ('agent', 'supervisor', 'take_over', 'disconnection', 'admin', 'removed')),
  constraint agent_session_ended_at_check check (ended_at >= began_at and num_nulls(ended_at, end_cause, ended_by) in (0, 3)),
  constraint agent_session_agent_id_during_excl exclude using gist (
    int8range(agent_id, agent_id, '[]') with &&,
    tstzrange(began_at, ended_at) with &&
  )
);

-- Two sessions never ring one device, and an agent has one session: whatever anybody's code believes.
create unique index agent_session_agent_id_key
  on peerage.agent_session (agent_id)
  where ended_at is null;

create unique index agent_session_interface_key
  on peerage.agent_session (interface)
  where ended_at is null;

create index agent_session_agent_id_began_at_idx on peerage.agent_session (agent_id, began_at);

-- Names of members are made unique at each login.
create index agent_session_member_name_idx
  on peerage.agent_session (member_name)
  where ended_at is null;

create index agent_full_name_idx on peerage.agent (full_name);
create index agent_session_member_name_began_at_idx on peerage.agent_session (member_name, began_at);

comment on table peerage.agent_session is 'An agent at work, from login to logout, on one interface. A move ends nothing: it changes the interface and is noted in agent_place.';
comment on column peerage.agent_session.id is 'Surrogate key; never reused.';
comment on column peerage.agent_session.agent_id is 'The agent.';
comment on column peerage.agent_session.agent_number is 'The agent''s number then.';
comment on column peerage.agent_session.interface_kind is 'internal, phone, mobile or hot_desk.';
comment on column peerage.agent_session.interface is 'What app_queue dials, such as PJSIP/1001.';
comment on column peerage.agent_session.state_interface is 'Whose device state counts.';
comment on column peerage.agent_session.member_name is 'Name in the queue and its log, unique among those at work: at most 79 bytes, which is what app_queue keeps.';
comment on column peerage.agent_session.phone_number is 'The hot-desk telephone; null otherwise.';
comment on column peerage.agent_session.begun_by is 'Who logged the agent in.';
comment on column peerage.agent_session.ended_by is 'Who ended it; null while open.';
comment on column peerage.agent_session.end_cause is 'agent, supervisor, take_over, disconnection, admin or removed; null while open.';
comment on column peerage.agent_session.end_reason is 'What was said about the end; null for nothing.';
comment on column peerage.agent_session.began_at is 'Login.';
comment on column peerage.agent_session.ended_at is 'Logout; null while open.';

create table peerage.agent_place (
  id bigint generated always as identity,
  session_id bigint not null,
  interface_kind text not null,
  interface text collate "C" not null,
  phone_number text collate "C",
  actor text not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  constraint agent_place_id_pk primary key (id),
  constraint agent_place_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint agent_place_ended_at_check check (ended_at >= began_at),
  constraint agent_place_session_id_during_excl exclude using gist (
    int8range(session_id, session_id, '[]') with &&,
    tstzrange(began_at, ended_at) with &&
  )
);

create unique index agent_place_session_id_key
  on peerage.agent_place (session_id)
  where ended_at is null;

create index agent_place_session_id_idx on peerage.agent_place (session_id, began_at);
create index agent_place_phone_number_idx on peerage.agent_place (phone_number, began_at);

comment on table peerage.agent_place is 'Where a session rang and when: one row for the login, one more for each move.';
comment on column peerage.agent_place.id is 'Surrogate key; never reused.';
comment on column peerage.agent_place.session_id is 'The session.';
comment on column peerage.agent_place.interface_kind is 'internal, phone, mobile or hot_desk.';
comment on column peerage.agent_place.interface is 'What app_queue dialled.';
comment on column peerage.agent_place.phone_number is 'The hot-desk telephone; null otherwise.';
comment on column peerage.agent_place.actor is 'Who brought the agent there.';
comment on column peerage.agent_place.began_at is 'From when.';
comment on column peerage.agent_place.ended_at is 'Until when; null while there.';

-- What app_queue reads comes first: PostgreSQL takes a row apart up to the last column that is asked for.
create table peerage.queue_login (
  queue_name text collate "C" not null,
  interface text collate "C" not null,
  uniqueid text collate "C" not null default right(replace(gen_random_uuid()::text, '-', ''), 16),
  told_name text not null,
  state_interface text not null,
  penalty text not null default '0',
  told_paused text not null,
  told_reason text,
  ring_in_use text,
  member_name text not null,
  paused text not null default '0',
  reason_paused text,
  session_id bigint,
  queue_id bigint,
  site_id bigint,
  began_at timestamptz not null,
  changed_at timestamptz not null,
  rests_until timestamptz,
  constraint queue_login_uniqueid_pk primary key (uniqueid),
  constraint queue_login_session_id_queue_id_key unique (session_id, queue_id),
  constraint queue_login_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint queue_login_queue_id_fk foreign key (queue_id) references peerage.queue (id) on delete cascade,
  -- The probe is no member, and of no session.
  constraint queue_login_uniqueid_check check (
    case
      when uniqueid = 'peerage-probe' then num_nonnulls(session_id, queue_id) = 0
      else octet_length(uniqueid) >= 16 and octet_length(uniqueid) <= 36 and uniqueid ~ '^[0-9a-f-]+$' and num_nulls(session_id, queue_id) = 0
    end
  ),
  constraint queue_login_member_name_check check (octet_length(member_name) <= 79),
  -- What an int of app_queue holds.
  constraint queue_login_penalty_check check (
    case
      when penalty ~ '^[0-9]{1,10}$' then penalty::bigint <= 2147483647
      else false
    end
  ),
  constraint queue_login_paused_check check (paused in ('0', '1')),
  constraint queue_login_reason_paused_check check (reason_paused is null or paused = '1' or session_id is null)
);

create index queue_login_queue_name_idx on peerage.queue_login (queue_name, interface);
create index queue_login_queue_id_idx on peerage.queue_login (queue_id);

-- app_queue decides once, at load, from the rows it then sees, whether reasons and ringinuse exist. Without this row, which is a member of no
-- queue, a call centre that starts empty would never record a reason.
insert into peerage.queue_login (
  uniqueid,
  queue_name,
  interface,
  member_name,
  state_interface,
  reason_paused,
  ring_in_use,
  began_at,
  changed_at,
  told_name,
  told_paused,
  told_reason
)
values (
  'peerage-probe',
  'peerage-probe',
  'Local/probe@peerage-probe',
  'peerage-probe',
  'Local/probe@peerage-probe',
  'probe',
  'no',
  clock_timestamp(),
  clock_timestamp(),
  'peerage-probe',
  '0',
  'probe'
);

comment on table peerage.queue_login is 'Members of queues right now, as app_queue reads them. The key is minted anew for each session, interface, name and queue: app_queue never changes the interface of a member it knows (app_queue.c, rt_handle_member_record).';
comment on column peerage.queue_login.uniqueid is 'Identity of the member for app_queue: 62 random bits, so that none is used again, and no longer, because every look at a queue reads them all.';
comment on column peerage.queue_login.queue_name is 'The queue''s name.';
comment on column peerage.queue_login.interface is 'What app_queue dials.';
comment on column peerage.queue_login.member_name is 'Name in the queue and its log.';
comment on column peerage.queue_login.state_interface is 'Whose device state counts.';
comment on column peerage.queue_login.penalty is 'The assignment''s, or what Asterisk wrote since.';
comment on column peerage.queue_login.paused is '0 or 1, never null: null would mean `as it was`. Kept by trigger from agent_pause.';
comment on column peerage.queue_login.reason_paused is 'Reason as written; null when not paused or none was given. Kept by trigger.';
comment on column peerage.queue_login.ring_in_use is 'What Asterisk wrote (yes, no, 1, 0); null: the queue''s.';
comment on column peerage.queue_login.session_id is 'The session; null for the probe alone.';
comment on column peerage.queue_login.queue_id is 'The queue; null for the probe alone.';
comment on column peerage.queue_login.site_id is 'The agent''s site; null for the probe, which every node sees. Kept by trigger.';
comment on column peerage.queue_login.began_at is 'When the membership began.';
comment on column peerage.queue_login.changed_at is 'When it began, or its interface or pause was last changed.';
comment on column peerage.queue_login.rests_until is 'End of the rest after a call that an earlier membership of the agent in this queue still had; app_queue reads the member as paused as long as it stands here (peerage.end_rests). Null for none.';
comment on column peerage.queue_login.told_name is 'Name as app_queue reads it: the bytes of its UTF-8, coded. Kept by trigger.';
comment on column peerage.queue_login.told_paused is '0 or 1, as app_queue reads it: 1 besides while the agent rests after a call. Kept by trigger.';
comment on column peerage.queue_login.told_reason is 'Reason as app_queue reads it: the bytes of its UTF-8, coded; wrap-up while the agent rests after a call; null for none. Kept by trigger.';

-- A table of its own: the planner looks at every index of queue_login for every lookup of app_queue, and rests are rare.
create table peerage.queue_rest (
  uniqueid text collate "C" not null,
  until timestamptz not null,
  constraint queue_rest_uniqueid_pk primary key (uniqueid)
);

create index queue_rest_until_idx on peerage.queue_rest (until);

comment on table peerage.queue_rest is 'Rests after a call that are still to be ended: which members have one, and until when. What is no member any more is left to peerage.end_rests.';
comment on column peerage.queue_rest.uniqueid is 'The member.';
comment on column peerage.queue_rest.until is 'End of its rest.';

create table peerage.agent_pause (
  id bigint generated always as identity,
  session_id bigint not null,
  queue_id bigint,
  queue_name text collate "C",
  reason text,
  reason_id bigint,
  actor text not null,
  forced boolean not null default false,
  ended_by text,
  paused_since timestamptz not null,
  began_at timestamptz not null,
  ended_at timestamptz,
  constraint agent_pause_id_pk primary key (id),
  constraint agent_pause_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint agent_pause_reason_id_fk foreign key (reason_id) references peerage.pause_reason (id) on delete set null,
  constraint agent_pause_queue_name_check check ((queue_id is null) = (queue_name is null)),
  constraint agent_pause_reason_check check (octet_length(reason) between 1 and 79 and reason !~ '[\u0001-\u001f\u007f-\u009f]'),
  constraint agent_pause_paused_since_check check (paused_since <= began_at),
  constraint agent_pause_ended_at_check check (ended_at >= began_at and (ended_at is null) = (ended_by is null)),
  constraint agent_pause_session_id_queue_id_during_excl exclude using gist (
    int8range(session_id, session_id, '[]') with &&,
    int8range(coalesce(queue_id, 0), coalesce(queue_id, 0), '[]') with &&,
    tstzrange(began_at, ended_at) with &&
  ) where (ended_at > began_at)
);

create unique index agent_pause_session_id_queue_id_key
  on peerage.agent_pause (session_id, queue_id) nulls not distinct
  where ended_at is null;

create index agent_pause_session_id_idx on peerage.agent_pause (session_id, began_at);
create index agent_pause_reason_id_idx on peerage.agent_pause (reason_id);

comment on table peerage.agent_pause is 'Pauses as intervals: of all queues, or of one.';
comment on column peerage.agent_pause.id is 'Surrogate key; never reused.';
comment on column peerage.agent_pause.session_id is 'The session.';
comment on column peerage.agent_pause.queue_id is 'The one queue, which may be no more; null for all.';
comment on column peerage.agent_pause.queue_name is 'What that queue was called; null for all.';
comment on column peerage.agent_pause.reason is 'Reason as written, at most 79 bytes, which is what app_queue keeps; null when none was given.';
comment on column peerage.agent_pause.reason_id is 'The reason of that code; null when there is none.';
comment on column peerage.agent_pause.actor is 'Who paused.';
comment on column peerage.agent_pause.forced is 'Whether somebody else than the agent did.';
comment on column peerage.agent_pause.ended_by is 'Who ended it; null while open.';
comment on column peerage.agent_pause.paused_since is 'When the agent paused: earlier than began_at where a pause of all queues became pauses of single ones.';
comment on column peerage.agent_pause.began_at is 'From when this row counts.';
comment on column peerage.agent_pause.ended_at is 'Until when; null while open.';

create table peerage.agent_request (
  id bigint generated always as identity,
  session_id bigint not null,
  kind text not null default 'logout',
  reason text,
  requested_by text not null,
  cause text not null,
  requested_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  constraint agent_request_id_pk primary key (id),
  constraint agent_request_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint agent_request_kind_check check (kind in ('logout')),
  constraint agent_request_cause_check check (cause in ('agent', 'supervisor', 'take_over', 'disconnection', 'admin', 'removed')),
  constraint agent_request_outcome_check check ((outcome in ('done', 'withdrawn')) is not false and (outcome is null) = (ended_at is null))
);

create unique index agent_request_session_id_key
  on peerage.agent_request (session_id)
  where ended_at is null;

create index agent_request_session_id_idx on peerage.agent_request (session_id);

comment on table peerage.agent_request is 'What is to be done when the call that is up has ended. It outlives restarts, and can be withdrawn.';
comment on column peerage.agent_request.id is 'Surrogate key; never reused.';
comment on column peerage.agent_request.session_id is 'The session.';
comment on column peerage.agent_request.kind is 'logout.';
comment on column peerage.agent_request.reason is 'What was said about it; null for nothing.';
comment on column peerage.agent_request.requested_by is 'Who asked.';
comment on column peerage.agent_request.cause is 'End cause of the session when it is done.';
comment on column peerage.agent_request.requested_at is 'When.';
comment on column peerage.agent_request.ended_at is 'When it was done or withdrawn; null while it waits.';
comment on column peerage.agent_request.outcome is 'done or withdrawn; null while it waits.';

-- The open state is left out of the exclusion constraint, whose index costs several times what all others do. A session has at most one, and
-- peerage.check_session refuses one that began before an earlier one ended. The same goes for open pauses.
create table peerage.agent_state (
  id bigint generated always as identity,
  session_id bigint not null,
  state text not null,
  reason text,
  began_at timestamptz not null,
  ended_at timestamptz,
  constraint agent_state_id_pk primary key (id),
  constraint agent_state_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint agent_state_state_check check (state in ('available', 'paused', 'partly_paused')),
  constraint agent_state_reason_check check (reason is null or state = 'paused'),
  constraint agent_state_ended_at_check check (ended_at >= began_at),
  constraint agent_state_session_id_during_excl exclude using gist (
    int8range(session_id, session_id, '[]') with &&,
    tstzrange(began_at, ended_at) with &&
  ) where (ended_at is not null)
);

create unique index agent_state_session_id_key
  on peerage.agent_state (session_id)
  where ended_at is null;

create index agent_state_session_id_idx on peerage.agent_state (session_id, began_at);

comment on table peerage.agent_state is 'The timeline: each instant of a session is in exactly one row. Kept by peerage.settle.';
comment on column peerage.agent_state.id is 'Surrogate key; never reused.';
comment on column peerage.agent_state.session_id is 'The session.';
comment on column peerage.agent_state.state is 'available, paused, or partly_paused (some of the queues).';
comment on column peerage.agent_state.reason is 'Reason of the pause as written; null when none was given or the queues differ.';
comment on column peerage.agent_state.began_at is 'From when.';
comment on column peerage.agent_state.ended_at is 'Until when; null while it lasts.';

create table peerage.queue_log (
  id bigint generated always as identity,
  time timestamptz not null,
  callid text,
  queuename text,
  agent text,
  event text,
  data1 text,
  data2 text,
  data3 text,
  data4 text,
  data5 text,
  node text not null default '',
  written_at timestamptz not null default clock_timestamp(),
  bad_time text,
  agent_id bigint,
  agent_number text collate "C",
  constraint queue_log_id_pk primary key (id),
  -- What Asterisk writes (asterisk.queue_log_write). Peerage's own lines take their time from the session.
  constraint queue_log_time_check check (
    node = ''
    or time between written_at - interval '31 days' and written_at + interval '5 minutes'
  )
);

create index queue_log_time_idx on peerage.queue_log (time);
create index queue_log_callid_idx on peerage.queue_log (callid);

-- No foreign key: its check would wait for whoever has the agent locked, and a line of the log waits for nobody.
create index queue_log_agent_id_time_idx
  on peerage.queue_log (agent_id, time)
  where agent_id is not null;

comment on table peerage.queue_log is 'app_queue''s log, as Asterisk writes it, with the login and logoff lines that Peerage adds.';
comment on column peerage.queue_log.id is 'Order of arrival.';
comment on column peerage.queue_log.time is 'When it happened. Asterisk writes it in UTC (queue_log_realtime_use_gmt).';
comment on column peerage.queue_log.callid is 'Unique id of the call, or NONE, REALTIME, MANAGER.';
comment on column peerage.queue_log.queuename is 'The queue, or NONE.';
comment on column peerage.queue_log.agent is 'Member name as it was then, or NONE.';
comment on column peerage.queue_log.event is 'What happened, such as PAUSE or CONNECT.';
comment on column peerage.queue_log.data1 is 'First parameter of the event.';
comment on column peerage.queue_log.data2 is 'Second parameter of the event.';
comment on column peerage.queue_log.data3 is 'Third parameter of the event.';
comment on column peerage.queue_log.data4 is 'Fourth parameter of the event.';
comment on column peerage.queue_log.data5 is 'Fifth parameter of the event.';
comment on column peerage.queue_log.node is 'The node that wrote it, by its login; empty for Peerage''s own lines.';
comment on column peerage.queue_log.written_at is 'When it arrived.';
comment on column peerage.queue_log.bad_time is 'The time that was written, where it cannot be so (none at all, more than five minutes ahead, too long ago): then the line has the time of its arrival. Null otherwise.';
comment on column peerage.queue_log.agent_id is 'The agent, whatever the name or number later is; null for NONE and for members that are none of Peerage''s.';
comment on column peerage.queue_log.agent_number is 'The agent''s number at that time.';
