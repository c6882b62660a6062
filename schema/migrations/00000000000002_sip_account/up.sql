-- The Voice section: one row per thing with a SIP identity, agent and telephone alike. What Asterisk is told of it is
-- computed elsewhere (the served tables); this is what people set.
--
-- Where many rows come at once, lengths are checked beside the patterns: a bounded repetition such as {1,79} costs ten
-- times what + does.

create table peerage.sip_account (
  id bigint generated always as identity,
  site_id bigint not null,
  disabled boolean not null default false,
  number text collate "C" not null,
  kind text not null,
  transports text[] not null default '{udp}',
  host text collate "C" not null default 'dynamic',
  nat text not null default 'force_rport',
  type text not null default 'friend',
  codecs text[] not null default '{ulaw,alaw}',
  callerid_name text,
  callerid_number text,
  context text not null default 'from-sip',
  call_groups smallint[] not null default '{}',
  pickup_groups smallint[] not null default '{}',
  named_call_groups text[] not null default '{}',
  named_pickup_groups text[] not null default '{}',
  chanspy boolean not null default false,
  video boolean not null default false,
  record text not null default 'inactive',
  encryption boolean not null default false,
  qualify_seconds integer not null default 60,
  max_contacts integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  constraint sip_account_id_pk primary key (id),
  constraint sip_account_number_key unique (number),
  constraint sip_account_id_number_key unique (id, number),
  constraint sip_account_id_number_kind_key unique (id, number, kind),
  constraint sip_account_site_id_fk foreign key (site_id) references peerage.site (id),
  constraint sip_account_number_check check (
    case
      when number ~ '^[0-9A-Za-z][0-9A-Za-z.-]*$' and octet_length(number) <= 40 then true
      else peerage.refuse('sip_account', 'sip_account_number_check', 'number', number, 'a letter or digit, then up to 39 letters, digits, `.` or `-`')
    end
  ),
  constraint sip_account_kind_check check (
    case
      when kind in ('agent', 'phone') then true
      else peerage.refuse('sip_account', 'sip_account_kind_check', 'kind', kind, 'one of agent, phone')
    end
  ),
  constraint sip_account_transports_check check (
    case
      when cardinality(transports) > 0
        and cardinality(transports) = ('udp' = any (transports))::integer
        + ('tcp' = any (transports))::integer
        + ('tls' = any (transports))::integer
        + ('ws' = any (transports))::integer
        + ('wss' = any (transports))::integer then true
      else peerage.refuse('sip_account', 'sip_account_transports_check', 'transports', transports::text, 'one or more of udp, tcp, tls, ws, wss, none twice, the preferred one first')
    end
  ),
  constraint sip_account_host_check check (
    case
      when host = 'dynamic' then true
      when peerage.is_address(host) then true
      else peerage.refuse('sip_account', 'sip_account_host_check', 'host', host, '`dynamic` or the IP address of a host, in its shortest form')
    end
  ),
  constraint sip_account_nat_check check (
    case
      when nat in ('yes', 'no', 'force_rport', 'comedia', 'never', 'route') then true
      else peerage.refuse('sip_account', 'sip_account_nat_check', 'nat', nat, 'one of yes, no, force_rport, comedia, never, route')
    end
  ),
  constraint sip_account_type_check check (
    case
      when type in ('user', 'peer', 'friend') then true
      else peerage.refuse('sip_account', 'sip_account_type_check', 'type', type, 'one of user, peer, friend')
    end
  ),
  constraint sip_account_codecs_check check (
    case
      when cardinality(codecs) > 0
        and cardinality(codecs) = ('ulaw' = any (codecs))::integer
        + ('alaw' = any (codecs))::integer
        + ('gsm' = any (codecs))::integer
        + ('g722' = any (codecs))::integer
        + ('g729' = any (codecs))::integer
        + ('opus' = any (codecs))::integer then true
      else peerage.refuse('sip_account', 'sip_account_codecs_check', 'codecs', codecs::text, 'one or more of ulaw, alaw, gsm, g722, g729, opus, none twice, the preferred one first')
    end
  ),
  constraint sip_account_callerid_name_check check (
    case
      when callerid_name is null then true
      when octet_length(callerid_name) between 1 and 79 and callerid_name !~ '[\u0001-\u001f\u007f-\u009f]' then true
      else peerage.refuse('sip_account', 'sip_account_callerid_name_check', 'callerid_name', callerid_name, '1 to 79 bytes without control characters')
    end
  ),
  constraint sip_account_callerid_number_check check (
    case
      when callerid_number is null then true
      when callerid_number ~ '^[0-9A-Za-z*#+._-]+$' and octet_length(callerid_number) <= 40 then true
      else peerage.refuse('sip_account', 'sip_account_callerid_number_check', 'callerid_number', callerid_number, '1 to 40 letters, digits or `*#+._-`')
    end
  ),
  constraint sip_account_context_check check (
    case
      when context ~ '^[0-9A-Za-z_.-]+$' and octet_length(context) <= 79 then true
      else peerage.refuse('sip_account', 'sip_account_context_check', 'context', context, '1 to 79 letters, digits, `_`, `.` or `-`')
    end
  ),
  constraint sip_account_call_groups_check check (
    case
      when cardinality(call_groups) = 0 then true
      when peerage.are_groups(call_groups) then true
      else peerage.refuse('sip_account', 'sip_account_call_groups_check', 'call_groups', call_groups::text, 'numbers 0 to 63, none twice')
    end
  ),
  constraint sip_account_pickup_groups_check check (
    case
      when cardinality(pickup_groups) = 0 then true
      when peerage.are_groups(pickup_groups) then true
      else peerage.refuse('sip_account', 'sip_account_pickup_groups_check', 'pickup_groups', pickup_groups::text, 'numbers 0 to 63, none twice')
    end
  ),
  constraint sip_account_named_call_groups_check check (
    case
      when cardinality(named_call_groups) = 0 then true
      when peerage.are_names(named_call_groups) then true
      else peerage.refuse('sip_account', 'sip_account_named_call_groups_check', 'named_call_groups', named_call_groups::text, 'names of 1 to 79 letters, digits, `_`, `.` or `-`, none twice')
    end
  ),
  constraint sip_account_named_pickup_groups_check check (
    case
      when cardinality(named_pickup_groups) = 0 then true
      when peerage.are_names(named_pickup_groups) then true
      else peerage.refuse('sip_account', 'sip_account_named_pickup_groups_check', 'named_pickup_groups', named_pickup_groups::text, 'names of 1 to 79 letters, digits, `_`, `.` or `-`, none twice')
    end
  ),
  constraint sip_account_record_check check (
    case
      when record in ('inactive', 'wav', 'wav49', 'gsm') then true
      else peerage.refuse('sip_account', 'sip_account_record_check', 'record', record, 'one of inactive, wav, wav49, gsm')
    end
  ),
  constraint sip_account_qualify_seconds_check check (
    case
      when qualify_seconds between 0 and 86400 then true
      else peerage.refuse('sip_account', 'sip_account_qualify_seconds_check', 'qualify_seconds', qualify_seconds::text, '0 to 86400 seconds; 0 is off')
    end
  ),
  constraint sip_account_max_contacts_check check (
    case
      when max_contacts between 1 and 100 then true
      else peerage.refuse('sip_account', 'sip_account_max_contacts_check', 'max_contacts', max_contacts::text, '1 to 100')
    end
  ),
  constraint sip_account_encryption_transports_check check (
    case
      when encryption or not transports <@ array['ws', 'wss'] then true
      else peerage.refuse('sip_account', 'sip_account_encryption_transports_check', 'encryption', 'no', 'ws and wss imply DTLS: with these transports alone, encryption must be on')
    end
  ),
  constraint sip_account_host_transports_check check (
    case
      when host = 'dynamic' or not transports <@ array['ws', 'wss'] then true
      else peerage.refuse('sip_account', 'sip_account_host_transports_check', 'transports', transports::text, 'Asterisk cannot open a WebSocket: a fixed host needs udp, tcp or tls')
    end
  )
);

-- Two peers at one address could not be told apart: the first would win.
create unique index sip_account_host_peer_key
  on peerage.sip_account (host)
  where type = 'peer' and host <> 'dynamic';

create index sip_account_site_id_idx on peerage.sip_account (site_id);

comment on table peerage.sip_account is 'A SIP identity with its Voice settings: an agent''s or a telephone''s. Both share one space of numbers.';
comment on column peerage.sip_account.id is 'Surrogate key; never reused.';
comment on column peerage.sip_account.site_id is 'Site it belongs to.';
comment on column peerage.sip_account.disabled is 'Whether Asterisk is told nothing of it: no endpoint, no auth, no AOR, no peer.';
comment on column peerage.sip_account.number is 'Extension, endpoint, AOR and user name in one; case-sensitive. `_` and `%` are wildcards in Asterisk''s LIKE and are refused.';
comment on column peerage.sip_account.kind is 'Whose it is: agent or phone.';
comment on column peerage.sip_account.transports is 'Transports in order of preference. chan_sip refuses an unlisted one; PJSIP follows the contact.';
comment on column peerage.sip_account.host is '`dynamic` (it registers) or the fixed IP address it always has.';
comment on column peerage.sip_account.nat is 'How Asterisk treats its address: yes, no, force_rport, comedia, never (as no), route (as yes).';
comment on column peerage.sip_account.type is 'user (it calls), peer (it is called, and identified by address), friend (both).';
comment on column peerage.sip_account.codecs is 'Audio codecs in order of preference.';
comment on column peerage.sip_account.callerid_name is 'Name shown to the called party; null for none.';
comment on column peerage.sip_account.callerid_number is 'Number shown to the called party; null for none.';
comment on column peerage.sip_account.context is 'Dialplan context of its calls and subscriptions.';
comment on column peerage.sip_account.call_groups is 'Call groups it is in, 0 to 63.';
comment on column peerage.sip_account.pickup_groups is 'Call groups whose ringing calls it may pick up, 0 to 63.';
comment on column peerage.sip_account.named_call_groups is 'Named call groups it is in.';
comment on column peerage.sip_account.named_pickup_groups is 'Named call groups whose ringing calls it may pick up.';
comment on column peerage.sip_account.chanspy is 'Whether its calls may be monitored; reaches the dialplan as PEERAGE_CHANSPY.';
comment on column peerage.sip_account.video is 'Whether H264 is offered.';
comment on column peerage.sip_account.record is 'Format in which calls to it are recorded, or inactive; reaches the dialplan as PEERAGE_RECORD.';
comment on column peerage.sip_account.encryption is 'Whether media must be SRTP: SDES, or DTLS for a browser.';
comment on column peerage.sip_account.qualify_seconds is 'Seconds between OPTIONS requests; 0 is off. With 0 an endpoint made after Asterisk''s start stays unavailable.';
comment on column peerage.sip_account.max_contacts is 'Most contacts it may have at once under PJSIP; a new one displaces the oldest.';
comment on column peerage.sip_account.created_at is 'When the row was made.';

-- The digests stand apart from the account: PostgreSQL prints the whole row when a constraint is broken, and neither a
-- log nor a screen is a place for them.
create table peerage.sip_secret (
  id bigint not null,
  number text collate "C" not null,
  realm text not null,
  md5 text not null,
  sha256 text not null,
  weak boolean not null default false,
  changed_at timestamptz not null default clock_timestamp(),
  constraint sip_secret_id_pk primary key (id) include (number),
  constraint sip_secret_id_number_fk foreign key (id, number) references peerage.sip_account (id, number) on delete cascade deferrable initially deferred,
  constraint sip_secret_realm_check check (
    case
      when realm ~ '^[0-9A-Za-z_.-]+$' and octet_length(realm) <= 79 then true
      else peerage.refuse('sip_secret', 'sip_secret_realm_check', 'realm', realm, '1 to 79 letters, digits, `_`, `.` or `-`')
    end
  ),
  constraint sip_secret_md5_check check (
    case
      when md5 ~ '^[0-9a-f]+$' and octet_length(md5) = 32 then true
      else peerage.refuse('sip_secret', 'sip_secret_md5_check', 'md5', '***', 'the MD5 of number:realm:secret, 32 lower-case hexadecimal digits')
    end
  ),
  constraint sip_secret_sha256_check check (
    case
      when sha256 ~ '^[0-9a-f]+$' and octet_length(sha256) = 64 then true
      else peerage.refuse('sip_secret', 'sip_secret_sha256_check', 'sha256', '***', 'the SHA-256 of number:realm:secret, 64 lower-case hexadecimal digits')
    end
  )
);

comment on table peerage.sip_secret is 'Digests of the SIP secret of an account. The secret itself is nowhere. An account without one is not served to Asterisk.';
comment on column peerage.sip_secret.id is 'The account.';
comment on column peerage.sip_secret.number is 'The number for which the digests were made. A change of the account''s number is refused at commit unless they are made anew.';
comment on column peerage.sip_secret.realm is 'Realm for which the digests were made.';
comment on column peerage.sip_secret.md5 is 'MD5 of number:realm:secret, hexadecimal (RFC 7616 section 3.4.2).';
comment on column peerage.sip_secret.sha256 is 'SHA-256 of number:realm:secret, hexadecimal (RFC 8760).';
comment on column peerage.sip_secret.weak is 'Whether the secret is one that guessers try first, taken on purpose by an import, and to be renewed.';
comment on column peerage.sip_secret.changed_at is 'When the secret was last changed.';
