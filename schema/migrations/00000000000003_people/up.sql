-- Who the accounts belong to, and who signs in.

create table peerage.agent (
  id bigint generated always as identity,
  account_id bigint,
  account_kind text not null default 'agent',
  number text collate "C" not null,
  full_name text not null,
  alias text,
  email text,
  phone text,
  mobile text,
  description text,
  hot_desk boolean not null default false,
  login_in_pause boolean not null default false,
  pin_digest text,
  client_log_level text not null default 'off',
  may_choose_interface boolean not null default true,
  may_take_any_phone boolean not null default true,
  may_move boolean not null default true,
  may_pause_one_queue boolean not null default true,
  may_log_out boolean not null default true,
  may_request_after_call boolean not null default true,
  may_see_own_history boolean not null default true,
  may_edit_own_numbers boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz,
  constraint agent_id_pk primary key (id),
  constraint agent_account_kind_check check (
    case
      when account_kind = 'agent' then true
      else peerage.refuse('agent', 'agent_account_kind_check', 'account_kind', account_kind, 'always agent')
    end
  ),
  constraint agent_account_id_key unique (account_id) include (number, account_kind),
  constraint agent_account_id_fk foreign key (account_id, number, account_kind) references peerage.sip_account (id, number, kind) on update cascade on delete set null (account_id),
  constraint agent_removed_at_check check (
    case
      when (account_id is null) = (removed_at is not null) then true
      else peerage.refuse('agent', 'agent_removed_at_check', 'removed_at', removed_at::text, 'null while the agent has an account, and only then')
    end
  ),
  constraint agent_full_name_check check (
    case
      when char_length(full_name) between 1 and 80 and full_name !~ '[\u0001-\u001f\u007f-\u009f]|^ | $' then true
      else peerage.refuse('agent', 'agent_full_name_check', 'full_name', full_name, '1 to 80 characters, no control characters, no blanks at its ends')
    end
  ),
  constraint agent_alias_check check (
    case
      when alias is null then true
      when char_length(alias) between 1 and 80 and alias !~ '[\u0001-\u001f\u007f-\u009f]|^ | $' then true
      else peerage.refuse('agent', 'agent_alias_check', 'alias', alias, '1 to 80 characters, no control characters, no blanks at its ends')
    end
  ),
  constraint agent_email_check check (
    case
      when email is null then true
      when char_length(email) <= 254 and email ~ '^[^@ \u0001-\u001f\u007f-\u009f]+@[^@ \u0001-\u001f\u007f-\u009f]+$' then true
      else peerage.refuse('agent', 'agent_email_check', 'email', email, 'name@domain, without blanks, at most 254 characters')
    end
  ),
  constraint agent_phone_check check (
    case
      when phone is null then true
      when phone ~ '^([0-9A-Za-z][0-9A-Za-z.-]*|[+]?[0-9*#]+)$' and octet_length(ltrim(phone, '+')) <= 40 then true
      else peerage.refuse('agent', 'agent_phone_check', 'phone', phone, 'the number of an account, or an outside number: `+` at most once and in front, digits, `*`, `#`')
    end
  ),
  constraint agent_mobile_check check (
    case
      when mobile is null then true
      when mobile ~ '^([0-9A-Za-z][0-9A-Za-z.-]*|[+]?[0-9*#]+)$' and octet_length(ltrim(mobile, '+')) <= 40 then true
      else peerage.refuse('agent', 'agent_mobile_check', 'mobile', mobile, 'the number of an account, or an outside number: `+` at most once and in front, digits, `*`, `#`')
    end
  ),
  constraint agent_description_check check (
    case
      when description is null then true
      when char_length(description) between 1 and 500 and description !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f]' then true
      else peerage.refuse('agent', 'agent_description_check', 'description', left(description, 40) || '...', '1 to 500 characters, no control characters but line feeds')
    end
  ),
  constraint agent_client_log_level_check check (
    case
      when client_log_level in ('off', 'error', 'warning', 'info', 'debug') then true
      else peerage.refuse('agent', 'agent_client_log_level_check', 'client_log_level', client_log_level, 'one of off, error, warning, info, debug')
    end
  )
);

create index agent_number_idx on peerage.agent (number);

comment on table peerage.agent is 'A person who takes calls. The row outlives the SIP account: history refers to it.';
comment on column peerage.agent.id is 'Surrogate key; never reused.';
comment on column peerage.agent.account_id is 'SIP account; null once removed.';
comment on column peerage.agent.account_kind is 'Always agent: keeps an account from belonging to an agent and a telephone at once.';
comment on column peerage.agent.number is 'Number of the account, or its last one; follows the account.';
comment on column peerage.agent.full_name is 'Name as people read it.';
comment on column peerage.agent.alias is 'Name shown in place of the sign-in name; null for none.';
comment on column peerage.agent.email is 'E-mail address; null for none.';
comment on column peerage.agent.phone is 'Where calls ring when the agent chooses `phone`: an account''s number or an outside number. Null: not offered.';
comment on column peerage.agent.mobile is 'Where calls ring when the agent chooses `mobile`. Null: not offered.';
comment on column peerage.agent.description is 'Free text; null for none.';
comment on column peerage.agent.hot_desk is 'Whether the agent picks a telephone at login, in place of an interface.';
comment on column peerage.agent.login_in_pause is 'Whether each login begins paused on all queues.';
comment on column peerage.agent.pin_digest is 'argon2id hash of the PIN for signing in by telephone; null for none.';
comment on column peerage.agent.client_log_level is 'Level at which the agent''s page reports to the service.';
comment on column peerage.agent.may_choose_interface is 'Whether the agent may choose where calls ring.';
comment on column peerage.agent.may_take_any_phone is 'Whether the agent may take any telephone of the site.';
comment on column peerage.agent.may_move is 'Whether the agent may move without logging out.';
comment on column peerage.agent.may_pause_one_queue is 'Whether the agent may pause a single queue.';
comment on column peerage.agent.may_log_out is 'Whether the agent may log out.';
comment on column peerage.agent.may_request_after_call is 'Whether the agent may ask for a logout or pause after the call.';
comment on column peerage.agent.may_see_own_history is 'Whether the agent may see the own history.';
comment on column peerage.agent.may_edit_own_numbers is 'Whether the agent may edit the own phone and mobile. Off unless set: whoever has the agent''s password would choose whom the trunk calls.';
comment on column peerage.agent.created_at is 'When the row was made.';
comment on column peerage.agent.removed_at is 'When the agent was removed; null while in service.';

create table peerage.agent_channel (
  id bigint generated always as identity,
  agent_id bigint not null,
  channel text not null,
  capacity integer not null default 0,
  auto_answer boolean not null default false,
  auto_answer_delay_seconds integer not null default 0,
  constraint agent_channel_id_pk primary key (id),
  constraint agent_channel_agent_id_channel_key unique (agent_id, channel),
  constraint agent_channel_agent_id_fk foreign key (agent_id) references peerage.agent (id),
  constraint agent_channel_channel_check check (
    case
      when channel in ('chat', 'email', 'sms', 'open_channel', 'whatsapp', 'fax') then true
      else peerage.refuse('agent_channel', 'agent_channel_channel_check', 'channel', channel, 'one of chat, email, sms, open_channel, whatsapp, fax')
    end
  ),
  constraint agent_channel_capacity_check check (
    case
      when capacity between 0 and 1000 then true
      else peerage.refuse('agent_channel', 'agent_channel_capacity_check', 'capacity', capacity::text, '0 to 1000; 0 is unlimited')
    end
  ),
  constraint agent_channel_auto_answer_delay_seconds_check check (
    case
      when auto_answer_delay_seconds between 0 and 3600 then true
      else peerage.refuse('agent_channel', 'agent_channel_auto_answer_delay_seconds_check', 'auto_answer_delay_seconds', auto_answer_delay_seconds::text, '0 to 3600 seconds')
    end
  )
);

comment on table peerage.agent_channel is 'What an agent takes on a channel other than voice. Stored and shown; Peerage routes none of them.';
comment on column peerage.agent_channel.id is 'Surrogate key; never reused.';
comment on column peerage.agent_channel.agent_id is 'The agent.';
comment on column peerage.agent_channel.channel is 'The channel.';
comment on column peerage.agent_channel.capacity is 'Most interactions at once; 0 is unlimited.';
comment on column peerage.agent_channel.auto_answer is 'Whether interactions are accepted without asking.';
comment on column peerage.agent_channel.auto_answer_delay_seconds is 'Seconds before an interaction is accepted so.';

create table peerage.phone (
  id bigint generated always as identity,
  account_id bigint not null,
  account_kind text not null default 'phone',
  number text collate "C" not null,
  full_name text not null,
  emergency_callerid text,
  created_at timestamptz not null default clock_timestamp(),
  constraint phone_id_pk primary key (id),
  constraint phone_account_kind_check check (account_kind = 'phone'),
  constraint phone_account_id_key unique (account_id) include (number, account_kind),
  constraint phone_account_id_fk foreign key (account_id, number, account_kind) references peerage.sip_account (id, number, kind) on update cascade on delete cascade,
  constraint phone_full_name_check check (
    case
      when char_length(full_name) between 1 and 80 and full_name !~ '[\u0001-\u001f\u007f-\u009f]|^ | $' then true
      else peerage.refuse('phone', 'phone_full_name_check', 'full_name', full_name, '1 to 80 characters, no control characters, no blanks at its ends')
    end
  ),
  constraint phone_emergency_callerid_check check (
    case
      when emergency_callerid is null or emergency_callerid ~ '^[0-9A-Za-z*#+._-]{1,40}$' then true
      else peerage.refuse('phone', 'phone_emergency_callerid_check', 'emergency_callerid', emergency_callerid, '1 to 40 letters, digits or `*#+._-`')
    end
  )
);

create index phone_number_idx on peerage.phone (number);

comment on table peerage.phone is 'A telephone that stands somewhere and that hot-desking agents may take.';
comment on column peerage.phone.id is 'Surrogate key; never reused.';
comment on column peerage.phone.account_id is 'SIP account.';
comment on column peerage.phone.account_kind is 'Always phone: keeps an account from belonging to an agent and a telephone at once.';
comment on column peerage.phone.number is 'Number of the account; follows it.';
comment on column peerage.phone.full_name is 'Name as people read it, such as its place.';
comment on column peerage.phone.emergency_callerid is 'Caller id number for emergency calls, which tells where it stands; null for the site''s.';
comment on column peerage.phone.created_at is 'When the row was made.';

create table peerage.login_account (
  id bigint generated always as identity,
  username text not null,
  password_hash text,
  role text not null,
  agent_id bigint,
  disabled boolean not null default false,
  failed_sign_ins integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint login_account_id_pk primary key (id),
  constraint login_account_username_key unique (username),
  constraint login_account_agent_id_key unique (agent_id),
  constraint login_account_agent_id_fk foreign key (agent_id) references peerage.agent (id),
  constraint login_account_username_check check (
    case
      when username ~ '^[0-9A-Za-z._]{1,64}$' then true
      else peerage.refuse('login_account', 'login_account_username_check', 'username', username, '1 to 64 letters, digits, `.` or `_`')
    end
  ),
  constraint login_account_password_hash_check check (
    case
      when password_hash is null or password_hash like '$argon2id$%' then true
      else peerage.refuse('login_account', 'login_account_password_hash_check', 'password_hash', '***', 'an argon2id hash')
    end
  ),
  constraint login_account_role_check check (
    case
      when role in ('admin', 'supervisor', 'agent') then true
      else peerage.refuse('login_account', 'login_account_role_check', 'role', role, 'one of admin, supervisor, agent')
    end
  ),
  constraint login_account_role_agent_id_check check (
    case
      when role <> 'agent' or agent_id is not null then true
      else peerage.refuse('login_account', 'login_account_role_agent_id_check', 'role', role, 'an account of this role belongs to an agent')
    end
  ),
  constraint login_account_failed_sign_ins_check check (
    case
      when failed_sign_ins >= 0 then true
      else peerage.refuse('login_account', 'login_account_failed_sign_ins_check', 'failed_sign_ins', failed_sign_ins::text, '0 or more')
    end
  )
);

comment on table peerage.login_account is 'Who signs in to the console or the interface for programs.';
comment on column peerage.login_account.id is 'Surrogate key; never reused.';
comment on column peerage.login_account.username is 'Name to sign in with.';
comment on column peerage.login_account.password_hash is 'argon2id hash of the password; null when none may sign in by password.';
comment on column peerage.login_account.role is 'admin, supervisor or agent.';
comment on column peerage.login_account.agent_id is 'The agent it belongs to; null for none.';
comment on column peerage.login_account.disabled is 'Whether it may not sign in.';
comment on column peerage.login_account.failed_sign_ins is 'Failures since the last success.';
comment on column peerage.login_account.locked_until is 'When it may try again; null when not locked.';
comment on column peerage.login_account.created_at is 'When the row was made.';
