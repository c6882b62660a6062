-- What the service keeps: who is signed in, programs' tokens, what pages report, whose page is open.

create table peerage.supervisor_queue (
  id bigint generated always as identity,
  login_id bigint not null,
  queue_id bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint supervisor_queue_id_pk primary key (id),
  constraint supervisor_queue_login_id_queue_id_key unique (login_id, queue_id),
  constraint supervisor_queue_login_id_fk foreign key (login_id) references peerage.login_account (id) on delete cascade,
  constraint supervisor_queue_queue_id_fk foreign key (queue_id) references peerage.queue (id) on delete cascade
);

create index supervisor_queue_queue_id_idx on peerage.supervisor_queue (queue_id);

comment on table peerage.supervisor_queue is 'The queues that a supervisor watches: agents assigned to one of them, and nobody else, may be steered.';
comment on column peerage.supervisor_queue.id is 'Surrogate key; never reused.';
comment on column peerage.supervisor_queue.login_id is 'The supervisor.';
comment on column peerage.supervisor_queue.queue_id is 'The queue.';
comment on column peerage.supervisor_queue.created_at is 'When the row was made.';

create table peerage.console_session (
  id bigint generated always as identity,
  token_digest text collate "C" not null,
  login_id bigint not null,
  address text,
  user_agent text,
  began_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  end_cause text,
  constraint console_session_id_pk primary key (id),
  constraint console_session_token_digest_key unique (token_digest),
  constraint console_session_token_digest_check check (token_digest ~ '^[0-9a-f]{64}$'),
  constraint console_session_login_id_fk foreign key (login_id) references peerage.login_account (id) on delete cascade,
  constraint console_session_end_cause_check check (end_cause in ('signed_out', 'signed_in_elsewhere', 'expired', 'password_changed', 'disabled')),
  constraint console_session_ended_at_check check (num_nulls(ended_at, end_cause) in (0, 2))
);

create index console_session_login_id_idx on peerage.console_session (login_id);

-- Sessions that are over are removed by age.
create index console_session_seen_at_idx on peerage.console_session (seen_at);

comment on table peerage.console_session is 'A browser that is signed in. Not an agent''s session: that one goes on when the browser is gone.';
comment on column peerage.console_session.id is 'Surrogate key; never reused.';
comment on column peerage.console_session.token_digest is 'SHA-256 of the cookie''s value, in hex: who reads this table cannot sign in with it.';
comment on column peerage.console_session.login_id is 'Who signed in.';
comment on column peerage.console_session.address is 'From where; null when not known.';
comment on column peerage.console_session.user_agent is 'What the browser calls itself, cut to 200 characters; null when it says nothing.';
comment on column peerage.console_session.began_at is 'Sign-in.';
comment on column peerage.console_session.seen_at is 'Last request, to about a minute.';
comment on column peerage.console_session.ended_at is 'When it ended; null while it holds.';
comment on column peerage.console_session.end_cause is 'signed_out, signed_in_elsewhere (the same agent in another browser), expired, password_changed or disabled; null while it holds.';

create table peerage.api_token (
  id bigint generated always as identity,
  name text not null,
  token_digest text collate "C" not null,
  role text not null,
  login_id bigint,
  expires_at timestamptz,
  used_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint api_token_id_pk primary key (id),
  constraint api_token_name_key unique (name),
  constraint api_token_token_digest_key unique (token_digest),
  constraint api_token_token_digest_check check (token_digest ~ '^[0-9a-f]{64}$'),
  constraint api_token_login_id_fk foreign key (login_id) references peerage.login_account (id) on delete cascade,
  constraint api_token_name_check check (
    case
      when name ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$' then true
      else peerage.refuse('api_token', 'api_token_name_check', 'name', name, '1 to 64 letters, digits, `.`, `_` or `-`, a letter or digit first')
    end
  ),
  constraint api_token_role_check check (
    case
      when role in ('admin', 'supervisor', 'agent') then true
      else peerage.refuse('api_token', 'api_token_role_check', 'role', role, 'one of admin, supervisor, agent')
    end
  ),
  constraint api_token_role_login_id_check check (
    case
      when role = 'admin' or login_id is not null then true
      else peerage.refuse('api_token', 'api_token_role_login_id_check', 'role', role, 'a token of this role belongs to a user, whose queues or agent it is for')
    end
  )
);

create index api_token_login_id_idx on peerage.api_token (login_id);

comment on table peerage.api_token is 'Lets a program in. The token itself is shown once and kept nowhere.';
comment on column peerage.api_token.id is 'Surrogate key; never reused.';
comment on column peerage.api_token.name is 'What it is for.';
comment on column peerage.api_token.token_digest is 'SHA-256 of the token, in hex.';
comment on column peerage.api_token.role is 'What it may do: admin, supervisor or agent; never more than its user may.';
comment on column peerage.api_token.login_id is 'The user for whom it acts; null for none (admin only).';
comment on column peerage.api_token.expires_at is 'Until when it lets in; null for ever.';
comment on column peerage.api_token.used_at is 'Last use, to about a minute; null for never.';
comment on column peerage.api_token.created_at is 'When it was made.';

create table peerage.client_log (
  id bigint generated always as identity,
  agent_id bigint not null,
  level text not null,
  event text not null,
  detail text,
  client_at timestamptz,
  received_at timestamptz not null default clock_timestamp(),
  constraint client_log_id_pk primary key (id),
  constraint client_log_agent_id_fk foreign key (agent_id) references peerage.agent (id),
  constraint client_log_level_check check (
    case
      when level in ('error', 'warning', 'info', 'debug') then true
      else peerage.refuse('client_log', 'client_log_level_check', 'level', level, 'one of error, warning, info, debug')
    end
  ),
  constraint client_log_event_check check (
    case
      when char_length(event) between 1 and 200 then true
      else peerage.refuse('client_log', 'client_log_event_check', 'event', left(event, 40), '1 to 200 characters')
    end
  ),
  constraint client_log_detail_check check (
    case
      when detail is null or char_length(detail) between 1 and 4000 then true
      else peerage.refuse('client_log', 'client_log_detail_check', 'detail', left(detail, 40), '1 to 4000 characters')
    end
  )
);

create index client_log_agent_id_idx on peerage.client_log (agent_id, received_at);
create index client_log_received_at_idx on peerage.client_log (received_at);

comment on table peerage.client_log is 'What agents'' pages report, at the level set for the agent. Removed by age.';
comment on column peerage.client_log.id is 'Order of arrival.';
comment on column peerage.client_log.agent_id is 'The agent.';
comment on column peerage.client_log.level is 'error, warning, info or debug.';
comment on column peerage.client_log.event is 'What happened.';
comment on column peerage.client_log.detail is 'More about it; null for nothing.';
comment on column peerage.client_log.client_at is 'When, by the browser''s clock; null when it did not say.';
comment on column peerage.client_log.received_at is 'When it arrived.';

create table peerage.agent_presence (
  session_id bigint not null,
  seen_at timestamptz not null default clock_timestamp(),
  constraint agent_presence_session_id_pk primary key (session_id),
  constraint agent_presence_session_id_fk foreign key (session_id) references peerage.agent_session (id) on delete cascade
);

comment on table peerage.agent_presence is 'Sessions that a console began or adopted, and when their page was last seen: these alone end by the site''s disconnection timeout.';
comment on column peerage.agent_presence.session_id is 'The agent''s session.';
comment on column peerage.agent_presence.seen_at is 'When the page was last connected; moved on by the time that its service was down.';

create table peerage.service_beat (
  service text collate "C" not null,
  beat_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint service_beat_service_pk primary key (service),
  constraint service_beat_service_check check (length(service) between 1 and 64)
);

comment on table peerage.service_beat is 'The services that pages are connected to, and when each last said whose are: until all have, nobody''s page is known to be gone, and a service''s absence is told from that of pages.';
comment on column peerage.service_beat.service is 'The service, by the name it gave itself at its start.';
comment on column peerage.service_beat.beat_at is 'The last beat.';
comment on column peerage.service_beat.ended_at is 'When it ended in good order; null while it is at work, or after a crash.';

grant select, insert, update, delete
  on peerage.supervisor_queue, peerage.console_session, peerage.api_token, peerage.client_log, peerage.agent_presence, peerage.service_beat
  to peerage_app;
