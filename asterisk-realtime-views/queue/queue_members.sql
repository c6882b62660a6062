-- object:   queue_members
-- module:   app_queue (apps/app_queue.c: update_realtime_members, rt_handle_member_record, update_realtime_member_field)
-- read:     by queue_name, each time a caller joins and at each retry; whole at load
-- write:    update by uniqueid: paused with reason_paused, penalty, ringinuse
-- asterisk: 16 to 23
-- site:     login.site_id, or none

-- Computes nothing: the table holds the values as app_queue reads them (peerage.queue_login_told). Three expressions in their place made the
-- lookup 1.3 times that of a flat table, and not 1.13. The probe, a member of no queue, is a row of the table.
create view asterisk.queue_members as
select
  login.queue_name as queue_name,
  login.interface as interface,
  login.uniqueid as uniqueid,
  login.told_name as membername,
  login.state_interface as state_interface,
  login.penalty as penalty,
  login.told_paused as paused,
  login.told_reason as reason_paused,
  login.ring_in_use as ringinuse
from peerage.queue_login as login;

comment on view asterisk.queue_members is 'Members of queues: who is logged in right now.';
comment on column asterisk.queue_members.queue_name is 'The queue.';
comment on column asterisk.queue_members.interface is 'What is dialled.';
comment on column asterisk.queue_members.uniqueid is 'Identity of the member; never used again, because app_queue does not change the interface of one it knows.';
comment on column asterisk.queue_members.membername is 'Name in the queue and its log, as the bytes of its UTF-8.';
comment on column asterisk.queue_members.state_interface is 'Whose device state counts.';
comment on column asterisk.queue_members.penalty is 'Members of lower penalty ring first.';
comment on column asterisk.queue_members.paused is '0 or 1, never null: null would mean `as it was`. 1 besides while the rest after a call lasts that the agent had before a move or a login.';
comment on column asterisk.queue_members.reason_paused is 'Reason of the pause, as the bytes of its UTF-8; null for none. Read from 18.19 and 20.4 on.';
comment on column asterisk.queue_members.ringinuse is 'yes, no, 1 or 0; null: the queue''s.';

create function asterisk.queue_members_write()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
as $$
declare
  by_node text := peerage.writer();
  writer text := peerage.actor();
  why text;
  who text;
  of_agent bigint;
  login peerage.queue_login;
  echo peerage.pause_order;
  was_resting boolean;
  is_rest boolean;
  is_news boolean;
  is_done boolean := false;
  at timestamptz;
begin
  if new.paused is null or new.paused not in ('0', '1') then
    perform peerage.refuse('queue_login', 'queue_login_paused_check', 'paused', left(new.paused, 80), '0 or 1');
  end if;
  if new.ringinuse is distinct from old.ringinuse and new.ringinuse not in ('', 'yes', 'no', '1', '0') then
    perform peerage.refuse('queue_login', 'queue_login_ring_in_use_check', 'ringinuse', left(new.ringinuse, 80), 'yes, no, 1 or 0');
  end if;
  select
    session.agent_id,
    member.rests_until is not null
  into
    of_agent,
    was_resting
  from peerage.queue_login as member
    join peerage.agent_session as session on session.id = member.session_id
  where member.uniqueid = old.uniqueid;
  if not found then
    -- The probe, or a membership that has just ended.
    return new;
  end if;
  at := peerage.lock_agent(of_agent);
  -- Read under the lock: it may have changed while we waited.
  select member.*
  into login
  from peerage.queue_login as member
  where member.uniqueid = old.uniqueid;
  if not found then
    return new;
  end if;

  -- app_queue writes all of a reason, whatever it has in it, and keeps 79 bytes: more would come back cut inside a letter. Most are a word.
  if new.reason_paused ~ '^[0-9A-Za-z_-]+$' and octet_length(new.reason_paused) <= 79 then
    why := new.reason_paused;
  elsif new.reason_paused <> '' then
    why := peerage.unwire(new.reason_paused);
    -- The stored reason is in bytes already, whatever the encoding of this client.
    if new.reason_paused is distinct from old.reason_paused then
      why := peerage.received(why);
    end if;
    why := nullif(peerage.cut(regexp_replace(peerage.from_bytes(why), '[\u0001-\u001f\u007f-\u009f]', ' ', 'g'), 79), '');
  end if;

  if new.penalty is distinct from old.penalty and new.penalty like '-%' then
    -- app_queue's way to remove a realtime member (negative_penalty_invalid).
    update peerage.agent_pause
    set
      ended_at = at,
      ended_by = writer
    where session_id = login.session_id
      and queue_id = login.queue_id
      and ended_at is null;
    delete from peerage.queue_login
    where uniqueid = login.uniqueid;
    perform peerage.settle(login.session_id, at);
    return new;
  end if;

  if new.penalty is distinct from old.penalty or new.ringinuse is distinct from old.ringinuse then
    -- What the statement does not change may have been changed while we waited for the lock.
    update peerage.queue_login
    set
      penalty = case
        when new.penalty is distinct from old.penalty then coalesce(nullif(new.penalty, ''), '0')
        else penalty
      end,
      ring_in_use = case
        when new.ringinuse is distinct from old.ringinuse then nullif(new.ringinuse, '')
        else ring_in_use
      end
    where uniqueid = login.uniqueid;

    if new.paused is not distinct from old.paused and new.reason_paused is not distinct from old.reason_paused then
      return new;
    end if;
  end if;

  -- Of a pause, then, even when it changes nothing. The echo of an order never does: what was ordered was so when it was
  -- ordered, and what is otherwise by now is newer; if the order was another's, who was there before, the more so. Asterisk
  -- 16 writes no reason, so what stands there says nothing of it. Of orders that are alike the last is taken: the answer to
  -- that one is near, while an earlier one may be on its way for long.
  if new.paused = '0' then
    why := null;
  end if;
  -- During the rest after a call the view says paused, and the member is not: a pause that is written then is news, though it may
  -- look the same (Asterisk 16 writes no reason).
  is_rest := was_resting and old.paused = '1' and login.paused = '0';
  is_news := new.paused is distinct from old.paused
    or new.reason_paused is distinct from old.reason_paused
    or is_rest and new.paused = '1';
  if is_rest and new.reason_paused is not distinct from old.reason_paused then
    why := null;
  end if;
  select ordered.*
  into echo
  from peerage.pause_order as ordered
  where ordered.queue_name = login.queue_name
    and ordered.interface = login.interface
    and ordered.node = by_node
    and ordered.paused = new.paused
    and (ordered.reason is not distinct from why or new.reason_paused is not distinct from old.reason_paused)
  order by
    ordered.reason is not distinct from why desc,
    ordered.id desc
  limit 1;
  if found then
    why := echo.reason;
    delete from peerage.pause_order
    where id = echo.id;
  elsif is_news then
    if new.paused = '1' then
      if login.paused = '0' or login.reason_paused is distinct from why then
        perform peerage.pause(login.session_id, login.queue_id, why, writer, false, at);
        is_done := true;
      end if;
    elsif login.paused = '1' then
      perform peerage.unpause(login.session_id, login.queue_id, writer, at);
      is_done := true;
    end if;
  end if;
  perform peerage.pause_told(login.uniqueid, by_node, new.paused, why);

  if is_done then
    return new;
  end if;
  -- The node holds what is not so any more: whoever gives orders is told, for the state itself has not changed.
  select session.agent_number
  into who
  from peerage.queue_login as member
    join peerage.agent_session as session on session.id = member.session_id
  where member.uniqueid = login.uniqueid
    and (member.paused <> new.paused or member.reason_paused is distinct from why);
  if found then
    perform pg_catalog.pg_notify('peerage_agents', who);
  end if;
  return new;
end
$$;

comment on function asterisk.queue_members_write() is 'Takes what app_queue writes of a member: pause with reason, penalty, ringinuse, removal. What is so already changes nothing, nor does the echo of an order.';

create trigger queue_members_write
  instead of update on asterisk.queue_members
  for each row
  execute function asterisk.queue_members_write();
