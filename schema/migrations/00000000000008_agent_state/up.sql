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

create table peerage.queue_login (
  uniqueid text collate "C" not null,
  queue_name text collate "C" not null,
  interface text collate "C" not null,
  member_name text not null,
  state_interface text not null,
  penalty text not null default '0',
  paused text not null default '0',
  reason_paused text,
  ring_in_use text,
  session_id bigint not null,
  queue_id bigint not null,
  site_id bigint,
  began_at timestamptz not null,
  constraint queue_login_uniqueid_pk primary key (uniqueid),
  constraint queue_login_session_id_queue_id_key unique (session_id, queue_id),
  constraint queue_login_session_id_fk foreign key (session_id) references peerage.agent_session (id),
  constraint queue_login_queue_id_fk foreign key (queue_id) references peerage.queue (id) on delete cascade,
  constraint queue_login_uniqueid_check check (uniqueid ~ '^[0-9a-f-]{36}$'),
  constraint queue_login_member_name_check check (octet_length(member_name) <= 79),
  -- What an int of app_queue holds.
  constraint queue_login_penalty_check check (
    case
      when penalty ~ '^[0-9]{1,10}$' then penalty::bigint <= 2147483647
      else false
    end
  ),
  constraint queue_login_paused_check check (paused in ('0', '1')),
  constraint queue_login_reason_paused_check check (reason_paused is null or paused = '1')
);

create index queue_login_queue_name_idx on peerage.queue_login (queue_name, interface);
create index queue_login_queue_id_idx on peerage.queue_login (queue_id);

comment on table peerage.queue_login is 'Members of queues right now, as app_queue reads them. The key is minted anew for each session, interface, name and queue: app_queue never changes the interface of a member it knows (app_queue.c, rt_handle_member_record).';
comment on column peerage.queue_login.uniqueid is 'Identity of the member for app_queue; never used again.';
comment on column peerage.queue_login.queue_name is 'The queue''s name.';
comment on column peerage.queue_login.interface is 'What app_queue dials.';
comment on column peerage.queue_login.member_name is 'Name in the queue and its log.';
comment on column peerage.queue_login.state_interface is 'Whose device state counts.';
comment on column peerage.queue_login.penalty is 'The assignment''s, or what Asterisk wrote since.';
comment on column peerage.queue_login.paused is '0 or 1, never null: null would mean `as it was`. Kept by trigger from agent_pause.';
comment on column peerage.queue_login.reason_paused is 'Reason as written; null when not paused or none was given. Kept by trigger.';
comment on column peerage.queue_login.ring_in_use is 'What Asterisk wrote (yes, no, 1, 0); null: the queue''s.';
comment on column peerage.queue_login.session_id is 'The session.';
comment on column peerage.queue_login.queue_id is 'The queue.';
comment on column peerage.queue_login.site_id is 'The agent''s site. Kept by trigger.';
comment on column peerage.queue_login.began_at is 'When the membership began.';

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
  ) where (ended_at is null or ended_at > began_at)
);

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
  )
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

create function peerage.cut(words text, bytes integer)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.cut(text, integer) is 'As many letters of a text, from its start, as have room in so many bytes. Asterisk cuts inside a letter, and what it then writes is no UTF-8.';

create function peerage.read_line(written text, bytes integer)
  returns text
  language sql
  stable
  parallel safe
  return case
    when octet_length(written) = char_length(written) and octet_length(written) <= bytes then nullif(peerage.unwire(written), '')
    else nullif(peerage.cut(peerage.from_bytes(peerage.received(peerage.unwire(written))), bytes), '')
  end;

comment on function peerage.read_line(text, integer) is 'A text of the queue log as people read it: decoded, and at most so many bytes of it; null for none.';

create function peerage.lock_agent(wanted bigint)
  returns timestamptz
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from peerage.agent
  where id = wanted
  for update;
  return clock_timestamp();
end
$$;

comment on function peerage.lock_agent(bigint) is 'Locks an agent and returns the time from then on: every change of an agent''s state begins with this.';

create function peerage.settle(wanted bigint, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  of_all peerage.agent_pause;
  members bigint;
  paused_members bigint;
  reasons bigint;
  one_reason text;
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
    paused = case
      when effective.is_paused then '1'
      else '0'
    end,
    reason_paused = effective.reason
  from (
    select
      member.uniqueid,
      of_one.id is not null or of_all.id is not null as is_paused,
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
      login.paused <> case
        when effective.is_paused then '1'
        else '0'
      end
      or login.reason_paused is distinct from effective.reason
    );

  select
    count(*),
    count(*) filter (where paused = '1'),
    count(distinct coalesce(reason_paused, '')) filter (where paused = '1'),
    min(reason_paused) filter (where paused = '1')
  into members, paused_members, reasons, one_reason
  from peerage.queue_login
  where session_id = wanted;

  if of_all.id is not null then
    new_state := 'paused';
    new_reason := of_all.reason;
  elsif members > 0 and paused_members = members then
    new_state := 'paused';
    new_reason := case
      when reasons = 1 then one_reason
    end;
  elsif paused_members > 0 then
    new_state := 'partly_paused';
  else
    new_state := 'available';
  end if;

  if exists (
    select
    from peerage.agent_state
    where session_id = wanted
      and ended_at is null
      and state = new_state
      and reason is not distinct from new_reason
  ) then
    return;
  end if;
  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  insert into peerage.agent_state (session_id, state, reason, began_at)
  values (wanted, new_state, new_reason, at);
end
$$;

comment on function peerage.settle(bigint, timestamptz) is 'Makes the memberships and the timeline of a session what its pauses say. The agent must be locked.';

create function peerage.begin_membership(wanted bigint, of_queue bigint, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into peerage.queue_login (
    uniqueid,
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
    gen_random_uuid()::text,
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

comment on function peerage.begin_membership(bigint, bigint, timestamptz) is 'Makes an open session a member of a queue that its agent is assigned to. What Asterisk took away of other queues stays away.';

create function peerage.pause(wanted bigint, of_queue bigint, why text, by text, is_forced boolean, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  named bigint := (select id from peerage.pause_reason where code = why);
begin
  if exists (
    select
    from peerage.agent_pause
    where session_id = wanted
      and queue_id is not distinct from of_queue
      and ended_at is null
      and reason is not distinct from why
  ) then
    return;
  end if;
  -- A second reason replaces the first; both stay recorded. A pause of all queues takes the place of single ones.
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null
    and (of_queue is null or queue_id = of_queue);
  insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, paused_since, began_at)
  values (
    wanted,
    of_queue,
    (select name from peerage.queue where id = of_queue),
    why,
    named,
    by,
    is_forced,
    at,
    at
  );
  perform peerage.settle(wanted, at);
end
$$;

comment on function peerage.pause(bigint, bigint, text, text, boolean, timestamptz) is 'Pauses a session on one queue, or on all when the queue is null. The same again changes nothing. The agent must be locked.';

create function peerage.unpause(wanted bigint, of_queue bigint, by text, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
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
  update peerage.agent_request
  set
    ended_at = at,
    outcome = 'withdrawn'
  where session_id = wanted
    and ended_at is null;
  perform peerage.settle(wanted, at);
end
$$;

comment on function peerage.unpause(bigint, bigint, text, timestamptz) is 'Ends the pause of one queue, or every pause when the queue is null, and withdraws a logout that waits for the call. Under a pause of all queues the others keep theirs. The agent must be locked.';

create function peerage.end_session(wanted bigint, cause text, why text, by text, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.end_session(bigint, text, text, text, timestamptz) is 'Ends a session: pauses first, then memberships, then the session. The agent must be locked.';

create function peerage.queue_assignment_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.queue_assignment_follows() is 'Makes an agent at work join, leave or change penalty in a queue when the assignment does. A pause of all queues holds in the new one too.';

create trigger queue_assignment_follows
  after insert or delete or update of penalty on peerage.queue_assignment
  for each row
  execute function peerage.queue_assignment_follows();

create function peerage.queue_renamed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.queue_login
  set
    queue_name = new.name,
    uniqueid = gen_random_uuid()::text
  where queue_id = new.id;
  return null;
end
$$;

comment on function peerage.queue_renamed() is 'Members go with a queue that gets another name, as new ones.';

create trigger queue_renamed
  after update of name on peerage.queue
  for each row
  when (old.name is distinct from new.name)
  execute function peerage.queue_renamed();

create function peerage.sip_account_ends_sessions()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.sip_account_ends_sessions() is 'Ends the session of an agent whose account is disabled or removed, and the one whose calls ring on it.';

create trigger sip_account_ends_sessions_disabled
  after update of disabled on peerage.sip_account
  for each row
  when (new.disabled and not old.disabled)
  execute function peerage.sip_account_ends_sessions();

create trigger sip_account_ends_sessions_removed
  after delete on peerage.sip_account
  for each row
  execute function peerage.sip_account_ends_sessions();

create function peerage.sip_account_is_at_work()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.sip_account_is_at_work() is 'Refuses another number to an agent at work, and to an account on which calls ring.';

create trigger sip_account_is_at_work
  before update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_account_is_at_work();

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
  constraint queue_log_id_pk primary key (id),
  -- What Asterisk writes (asterisk.queue_log_write). Peerage's own lines take their time from the session.
  constraint queue_log_time_check check (
    node = ''
    or time between written_at - interval '31 days' and written_at + interval '5 minutes'
  )
);

create index queue_log_time_idx on peerage.queue_log (time);
create index queue_log_callid_idx on peerage.queue_log (callid);

comment on table peerage.queue_log is 'app_queue''s log, as Asterisk writes it, with the login and logoff lines that Peerage adds.';
comment on column peerage.queue_log.id is 'Order of arrival.';
comment on column peerage.queue_log.time is 'When it happened. Asterisk writes it in UTC (queue_log_realtime_use_gmt).';
comment on column peerage.queue_log.callid is 'Unique id of the call, or NONE, REALTIME, MANAGER.';
comment on column peerage.queue_log.queuename is 'The queue, or NONE.';
comment on column peerage.queue_log.agent is 'Member name, or NONE.';
comment on column peerage.queue_log.event is 'What happened, such as PAUSE or CONNECT.';
comment on column peerage.queue_log.data1 is 'First parameter of the event.';
comment on column peerage.queue_log.data2 is 'Second parameter of the event.';
comment on column peerage.queue_log.data3 is 'Third parameter of the event.';
comment on column peerage.queue_log.data4 is 'Fourth parameter of the event.';
comment on column peerage.queue_log.data5 is 'Fifth parameter of the event.';
comment on column peerage.queue_log.node is 'The node that wrote it, by its login; empty for Peerage''s own lines.';
comment on column peerage.queue_log.written_at is 'When it arrived.';
comment on column peerage.queue_log.bad_time is 'The time that was written, where it cannot be so (none at all, more than five minutes ahead, too long ago): then the line has the time of its arrival. Null otherwise.';

create function peerage.agent_session_log()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1)
    values (new.began_at, 'NONE', 'NONE', new.member_name, 'AGENTCALLBACKLOGIN', new.interface);
  else
    insert into peerage.queue_log (time, callid, queuename, agent, event, data1, data2, data3)
    values (
      new.ended_at,
      'NONE',
      'NONE',
      new.member_name,
      'AGENTCALLBACKLOGOFF',
      new.interface,
      floor(extract(epoch from new.ended_at - new.began_at))::bigint::text,
      new.end_cause
    );
  end if;
  return null;
end
$$;

comment on function peerage.agent_session_log() is 'Writes the login and logoff lines that reporting tools on queue_log expect, once each.';

create trigger agent_session_log_in
  after insert on peerage.agent_session
  for each row
  execute function peerage.agent_session_log();

create trigger agent_session_log_off
  after update of ended_at on peerage.agent_session
  for each row
  when (old.ended_at is null and new.ended_at is not null)
  execute function peerage.agent_session_log();
