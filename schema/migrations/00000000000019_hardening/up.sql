-- What a login may not do whatever it tries, and what no statement may leave behind.

-- A lock that only the service takes. Anybody may take an advisory lock, and keep it; a row can be locked only by whoever may
-- write its table.
create table peerage.interface_lock (
  slot integer not null,
  constraint interface_lock_slot_pk primary key (slot)
);

comment on table peerage.interface_lock is 'One row for each lock that a login may take on the interface that rings; its hash says which.';
comment on column peerage.interface_lock.slot is '0 to 1023.';

insert into peerage.interface_lock (slot)
select generate_series(0, 1023);

-- To lock a row is to be allowed to update it.
grant select, update on peerage.interface_lock to peerage_app;

-- Functions are for whoever is named. What checks, defaults and views call is granted to those who write or read by
-- `peerage db migrate`, from the catalogue; this is what the command and the service call themselves.
revoke execute on all functions in schema peerage from public;

grant execute
  on function
    peerage.lock_agent(bigint),
    peerage.settle(bigint, timestamptz),
    peerage.pause(bigint, bigint, text, text, boolean, timestamptz),
    peerage.unpause(bigint, bigint, text, timestamptz),
    peerage.end_session(bigint, text, text, text, timestamptz),
    peerage.cut(text, integer),
    peerage.pause_told(text, text, text, text),
    peerage.end_sip_registration(text, text, timestamptz)
  to peerage_app;

-- An account lives and dies with its agent or phone.

create function peerage.account_goes_with_its_owner()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.account_goes_with_its_owner() is 'Removes the account that an agent or a phone leaves behind: nobody''s account would be served for ever.';

create trigger agent_account_deleted
  after delete on peerage.agent
  for each row
  when (old.account_id is not null)
  execute function peerage.account_goes_with_its_owner();

create trigger agent_account_changed
  after update of account_id on peerage.agent
  for each row
  when (old.account_id is not null and old.account_id is distinct from new.account_id)
  execute function peerage.account_goes_with_its_owner();

create trigger phone_account_deleted
  after delete on peerage.phone
  for each row
  execute function peerage.account_goes_with_its_owner();

create trigger phone_account_changed
  after update of account_id on peerage.phone
  for each row
  when (old.account_id is distinct from new.account_id)
  execute function peerage.account_goes_with_its_owner();

create function peerage.account_has_an_owner()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
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

comment on function peerage.account_has_an_owner() is 'Refuses, when the transaction ends, an account that belongs to no agent and no phone.';

create constraint trigger sip_account_owner
  after insert on peerage.sip_account
  deferrable initially deferred
  for each row
  execute function peerage.account_has_an_owner();

create function peerage.refuse_new_id()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(tg_table_name, tg_table_name || '_id_check', 'id', new.id::text, 'an id stays as it is: other tables refer to it');
  return new;
end
$$;

comment on function peerage.refuse_new_id() is 'Refuses another id (`set id = default`) to a row that others refer to without a foreign key.';

create trigger sip_account_id
  before update of id on peerage.sip_account
  for each row
  when (old.id is distinct from new.id)
  execute function peerage.refuse_new_id();

-- Who is removed does not sign in any more, whoever removed them.
create function peerage.agent_removed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.login_account
  set disabled = true
  where agent_id = new.id
    and role = 'agent'
    and not disabled;
  return null;
end
$$;

comment on function peerage.agent_removed() is 'Disables the user of an agent who is removed; a supervisor or an admin stays one.';

create trigger agent_removed
  after update of account_id on peerage.agent
  for each row
  when (old.removed_at is null and new.removed_at is not null)
  execute function peerage.agent_removed();

-- A session is all there or not there: what hangs on it agrees with it when the transaction ends.

create index agent_pause_session_id_open_idx
  on peerage.agent_pause (session_id)
  where ended_at is null;

create function peerage.check_session(wanted bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- Many triggers ask about one session when a transaction ends: one answer does for all of them.
  asked constant text := concat_ws(' ', wanted, pg_current_xact_id(), statement_timestamp());
  broken text;
begin
  if current_setting('peerage.whole_session', true) = asked then
    return;
  end if;
  select
    case
      when session.ended_at is not null then case
        when exists (select from peerage.queue_login as member where member.session_id = session.id) then 'it has ended, and its agent is still a member of queues'
        when exists (select from peerage.agent_pause as pause where pause.session_id = session.id and pause.ended_at is null) then 'it has ended, and a pause has not'
        when exists (select from peerage.agent_request as request where request.session_id = session.id and request.ended_at is null) then 'it has ended, and a logout is still to come'
        when exists (select from peerage.agent_state as state where state.session_id = session.id and state.ended_at is null) then 'it has ended, and its timeline has not'
        when exists (select from peerage.agent_place as place where place.session_id = session.id and place.ended_at is null) then 'it has ended, and its place is still taken'
      end
      when not exists (select from peerage.agent_state as state where state.session_id = session.id and state.ended_at is null) then 'it is open, and its timeline is not'
      when not exists (
        select
        from peerage.agent_place as place
        where place.session_id = session.id
          and place.ended_at is null
          and place.interface = session.interface
      ) then 'it is open, and has no place on its interface'
      when exists (
        select
        from peerage.queue_login as member
        where member.session_id = session.id
          and (
            member.interface <> session.interface
            or member.state_interface <> session.state_interface
            or member.queue_name <> (select queue.name from peerage.queue as queue where queue.id = member.queue_id)
            or (member.paused = '1') <> exists (
              select
              from peerage.agent_pause as pause
              where pause.session_id = session.id
                and pause.ended_at is null
                and (pause.queue_id is null or pause.queue_id = member.queue_id)
            )
          )
      ) then 'a queue membership disagrees with it (interface, queue or pause)'
    end
  into broken
  from peerage.agent_session as session
  where session.id = wanted;
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

comment on function peerage.check_session(bigint) is 'Refuses a session of which a part is missing or left over.';

create function peerage.session_is_whole()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.check_session(new.id);
  return null;
end
$$;

comment on function peerage.session_is_whole() is 'Checks a session when the transaction ends.';

create function peerage.session_is_whole_still()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.check_session(coalesce(new.session_id, old.session_id));
  return null;
end
$$;

comment on function peerage.session_is_whole_still() is 'Checks the session of a row that hangs on one when the transaction ends.';

-- Fired where a change may break something, and seldom in an ordinary one: a pause is an insert, an end is an update.
create constraint trigger agent_session_whole_insert
  after insert on peerage.agent_session
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole();

create constraint trigger agent_session_whole_update
  after update of interface, ended_at on peerage.agent_session
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole();

create constraint trigger agent_place_whole_update
  after update of session_id, interface, ended_at on peerage.agent_place
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_place_whole_delete
  after delete on peerage.agent_place
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_state_whole_update
  after update of session_id, ended_at on peerage.agent_state
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_state_whole_delete
  after delete on peerage.agent_state
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_insert
  after insert on peerage.agent_pause
  deferrable initially deferred
  for each row
  when (new.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_update
  after update on peerage.agent_pause
  deferrable initially deferred
  for each row
  when (old.ended_at is null or new.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_pause_whole_delete
  after delete on peerage.agent_pause
  deferrable initially deferred
  for each row
  when (old.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger agent_request_whole
  after insert or update on peerage.agent_request
  deferrable initially deferred
  for each row
  when (new.ended_at is null)
  execute function peerage.session_is_whole_still();

create constraint trigger queue_login_whole_insert
  after insert on peerage.queue_login
  deferrable initially deferred
  for each row
  execute function peerage.session_is_whole_still();

create constraint trigger queue_login_whole_update
  after update of session_id, queue_id, queue_name, interface, state_interface, paused on peerage.queue_login
  deferrable initially deferred
  for each row
  when (
    (old.session_id, old.queue_id, old.queue_name, old.interface, old.state_interface, old.paused)
    <> (new.session_id, new.queue_id, new.queue_name, new.interface, new.state_interface, new.paused)
  )
  execute function peerage.session_is_whole_still();

-- TRUNCATE passes every trigger by, so what a delete would clean up, tell and record would stay.

create function peerage.refuse_truncate()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('%s cannot be truncated: triggers that keep other tables in step would not run', tg_table_name),
    hint = format('delete from %I.%I', tg_table_schema, tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

comment on function peerage.refuse_truncate() is 'Refuses TRUNCATE of a table whose rows other tables follow.';

-- Without its row a lock would lock nothing.
create function peerage.refuse_delete()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'feature_not_supported',
    message = format('rows of %s cannot be deleted: they are what is locked', tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

comment on function peerage.refuse_delete() is 'Refuses DELETE of a table whose rows are there to be locked.';

create trigger contact_lock_delete
  before delete on peerage.contact_lock
  for each statement
  execute function peerage.refuse_delete();

create trigger interface_lock_delete
  before delete on peerage.interface_lock
  for each statement
  execute function peerage.refuse_delete();

do $$
declare
  guarded text;
begin
  for guarded in
    select class.relname
    from pg_catalog.pg_class as class
    where class.relnamespace = 'peerage'::regnamespace
      and class.relkind = 'r'
      and (
        -- What stands in other tables by trigger: served to Asterisk, or recorded for good.
        class.relname in ('pjsip_endpoint', 'pjsip_auth', 'pjsip_aor', 'pjsip_identify', 'sip_peer', 'audit_entry', 'contact_lock', 'interface_lock')
        or exists (
          select
          from pg_catalog.pg_trigger as trigger
          where trigger.tgrelid = class.oid
            and not trigger.tgisinternal
            and trigger.tgtype & 8 <> 0
        )
      )
    order by class.relname
  loop
    execute format('create trigger %s_truncate before truncate on peerage.%1$I for each statement execute function peerage.refuse_truncate()', guarded);
  end loop;
end
$$;

-- Somebody who may write a row may also keep it locked, as long as the transaction is open; and a login may lift its own
-- limits (statement_timeout and the like). Asterisk's statements are a transaction each.
create function peerage.end_overlong_transactions(longest interval)
  returns integer
  language sql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select count(*)::integer
  from (
    select pg_terminate_backend(activity.pid) as ended
    from pg_stat_activity as activity
    where activity.datname = current_database()
      and activity.usename in (
        select node.login
        from peerage.node as node
      )
      and clock_timestamp() - activity.xact_start > longest
      -- Whoever waits goes on when the one who is waited for is gone.
      and activity.wait_event_type is distinct from 'Lock'
  ) as closed
  where closed.ended;
end;

comment on function peerage.end_overlong_transactions(interval) is 'Closes the connections of nodes'' logins whose transaction has been open for longer, and returns how many. Sees those logins of which peerage_owner is a member.';

grant execute on function peerage.end_overlong_transactions(interval) to peerage_app;
