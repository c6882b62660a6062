-- What each Asterisk says of the devices where agents' calls ring, so that pages, API and commands say what Asterisk does.
--
-- A registration is no proof that a phone can be called: it may have come over a transport that the account does not list, to another
-- node, or to a node that lacks a module. The service that leads a node writes what that node says, and only what it says of
-- availability: calls come and go far too often, and are seen by other means.

create table peerage.node_report (
  node_id bigint not null,
  epoch bigint not null,
  missing_modules text[] not null default '{}',
  changed_at timestamptz not null default clock_timestamp(),
  constraint node_report_node_id_pk primary key (node_id),
  constraint node_report_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade
);

comment on table peerage.node_report is 'Nodes whose device states are known at the moment. A row counts only under the lease it was written with: when the service that leads the node is gone, or its link is, nobody knows what the node says.';
comment on column peerage.node_report.node_id is 'The node.';
comment on column peerage.node_report.epoch is 'The lease (peerage.node_lease) under which this was written.';
comment on column peerage.node_report.missing_modules is 'Modules that calls of a queue need, and that the node does not have loaded.';
comment on column peerage.node_report.changed_at is 'Since when those modules are missing.';

create table peerage.node_device (
  node_id bigint not null,
  device text collate "C" not null,
  says text not null,
  can_ring boolean generated always as (says not in ('UNAVAILABLE', 'INVALID')) stored,
  changed_at timestamptz not null default clock_timestamp(),
  constraint node_device_node_id_device_pk primary key (node_id, device),
  constraint node_device_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade,
  constraint node_device_says_check check (says in ('AVAILABLE', 'UNKNOWN', 'UNAVAILABLE', 'INVALID'))
);

create index node_device_device_idx on peerage.node_device (device);

comment on table peerage.node_device is 'What a node says of a device: whether app_queue would ring it.';
comment on column peerage.node_device.node_id is 'The node.';
comment on column peerage.node_device.device is 'The device, such as PJSIP/1001.';
comment on column peerage.node_device.says is 'UNAVAILABLE, INVALID and UNKNOWN as Asterisk says them (DeviceStateChange); AVAILABLE is any of its other states, with a call or without.';
comment on column peerage.node_device.can_ring is 'Whether app_queue rings a member of this state (app_queue.c, get_member_status).';
comment on column peerage.node_device.changed_at is 'Since when.';

create function peerage.tell_devices()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  devices text[];
begin
  if tg_op = 'INSERT' then
    devices := array(select changed.device from new_rows as changed limit 201);
  elsif tg_op = 'DELETE' then
    devices := array(select changed.device from old_rows as changed limit 201);
  else
    devices := array(
      select changed.device
      from new_rows as changed
        join old_rows as before on before.node_id = changed.node_id and before.device = changed.device
      where before.says <> changed.says
      limit 201
    );
  end if;
  perform peerage.tell(
    'peerage_registrations',
    array(
      select split_part(device, '/', 2)
      from unnest(devices) as device
      union
      select session.agent_number
      from peerage.agent_session as session
      where session.ended_at is null
        and session.interface = any (devices)
    )
  );
  return null;
end
$$;

comment on function peerage.tell_devices() is 'Notifies channel peerage_registrations of the accounts whose device states a statement changed, and of the agents whose calls ring there.';

create trigger node_device_told_insert
  after insert on peerage.node_device
  referencing new table as new_rows
  for each statement
  execute function peerage.tell_devices();

create trigger node_device_told_update
  after update on peerage.node_device
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.tell_devices();

create trigger node_device_told_delete
  after delete on peerage.node_device
  referencing old table as old_rows
  for each statement
  execute function peerage.tell_devices();

create trigger node_device_truncate
  before truncate on peerage.node_device
  for each statement
  execute function peerage.refuse_truncate();

create function peerage.tell_report()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('peerage_registrations', '*');
  return null;
end
$$;

comment on function peerage.tell_report() is 'Notifies channel peerage_registrations that what a node says counts or no longer counts, for all agents.';

create trigger node_report_told
  after insert or update or delete on peerage.node_report
  for each row
  execute function peerage.tell_report();

create function peerage.report_devices(
  of_node text,
  by_service text,
  by_epoch bigint,
  devices text[],
  words text[],
  missing text[],
  is_all boolean
)
  returns boolean
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  target bigint;
begin
  select lease.node_id
  into target
  from peerage.node_lease as lease
    join peerage.node as node on node.id = lease.node_id
  where node.name = of_node
    and lease.service = by_service
    and lease.epoch = by_epoch
    and lease.expires_at > clock_timestamp();
  if not found then
    return false;
  end if;

  insert into peerage.node_device as known (node_id, device, says)
  select
    target,
    said.device,
    said.word
  from unnest(devices, words) as said (device, word)
  on conflict on constraint node_device_node_id_device_pk do update
  set
    says = excluded.says,
    changed_at = clock_timestamp()
  where known.says <> excluded.says;

  if is_all then
    delete from peerage.node_device as known
    where known.node_id = target
      and known.device <> all (devices);
  end if;

  if missing is not null then
    insert into peerage.node_report as known (node_id, epoch, missing_modules)
    values (target, by_epoch, missing)
    on conflict on constraint node_report_node_id_pk do update
    set
      epoch = excluded.epoch,
      missing_modules = excluded.missing_modules,
      changed_at = case
        when known.missing_modules = excluded.missing_modules then known.changed_at
        else clock_timestamp()
      end
    where known.epoch <> excluded.epoch
      or known.missing_modules <> excluded.missing_modules;
  end if;
  return true;
end
$$;

comment on function peerage.report_devices(text, text, bigint, text[], text[], text[], boolean) is
  'Keeps what a node says of these devices, of all it knows when is_all is true, and the modules it lacks unless missing is null. Changes nothing and returns false unless the service leads the node.';

create view peerage.agent_reach as
select
  session.id as session_id,
  coalesce(
    told.unreachable,
    device.host = 'dynamic' and not contacts.is_dialled
  ) as unreachable,
  case
    when told.unreachable is not null then told.nodes
    when device.host = 'dynamic' and not contacts.is_dialled then jsonb_build_array(
      jsonb_build_object(
        'node', null,
        'reason', case
          when contacts.live > 0 then 'transport'
          else 'not_registered'
        end,
        'detail', contacts.over
      )
    )
    else '[]'::jsonb
  end as unreachable_at,
  case
    when contacts.live = 0 and contacts.last_seen is not null then contacts.last_seen
    else told.since
  end as lost_at
from peerage.agent_session as session
  join peerage.agent as agent on agent.id = session.agent_id
  join peerage.sip_account as own on own.id = agent.account_id
  -- An outside number has an `@`, which no account has: of it nobody can tell.
  join peerage.sip_account as device on device.number = split_part(session.interface, '/', 2)
  cross join lateral (
    select
      count(*) as known,
      count(*) filter (where one.is_live) as live,
      coalesce(bool_or(one.is_dialled) filter (where one.is_live), false) as is_dialled,
      array_agg(distinct one.node) filter (where one.is_live) as nodes,
      min(one.over) filter (where one.is_live and not one.is_dialled) as over,
      max(one.expires_at) as last_seen
    from (
      select
        contact.node,
        contact.expires_at,
        contact.expires_at > clock_timestamp() as is_live,
        -- An endpoint has a transport only where one alone is listed; else PJSIP goes by the contact.
        contact.transport_listed or cardinality(device.transports) > 1 as is_dialled,
        -- As peerage.transport_of, which readers of reports may not call.
        coalesce(
          substring(split_part(lower(contact.uri collate "C"), '^3btransport=', 2) from '^[a-z]+'),
          case
            when contact.uri like 'sips:%' then 'tls'
            else 'udp'
          end
        ) as over
      from peerage.sip_contact as contact
      where contact.account_id = device.id
        and session.interface like 'PJSIP/%'
      union all
      select
        registration.node,
        registration.expires_at,
        registration.expires_at > clock_timestamp(),
        true,
        null
      from peerage.sip_peer as registration
      where registration.number = device.number
        and registration.expires_at is not null
        and session.interface like 'SIP/%'
    ) as one
  ) as contacts
  left join lateral (
    select
      -- Null when no node has said anything.
      bool_and(not by_node.can_ring) as unreachable,
      coalesce(
        jsonb_agg(
          jsonb_build_object('node', by_node.node, 'reason', by_node.reason, 'detail', by_node.detail)
          order by by_node.node
        ) filter (where not by_node.can_ring),
        '[]'
      ) as nodes,
      max(by_node.since) filter (where not by_node.can_ring) as since
    from (
      select
        node.name as node,
        judged.can_ring,
        case
          when modules.missing is not null then report.changed_at
          else said.changed_at
        end as since,
        reasons.reason,
        case reasons.reason
          when 'module' then modules.missing
          when 'other_node' then array_to_string(contacts.nodes, ', ')
          when 'transport' then contacts.over
        end as detail
      from peerage.node as node
        left join peerage.node_lease as lease on lease.node_id = node.id and lease.expires_at > clock_timestamp()
        left join peerage.node_report as report on report.node_id = node.id and report.epoch = lease.epoch
        left join peerage.node_device as said on said.node_id = report.node_id and said.device = session.state_interface
        cross join lateral (
          select string_agg(module, ', ' order by module) as missing
          from unnest(report.missing_modules) as module
          where module not like '%pjsip%' and module not like '%sorcery%' and module <> 'chan_sip.so'
            or session.interface like 'PJSIP/%' and module <> 'chan_sip.so'
            or session.interface like 'SIP/%' and module = 'chan_sip.so'
        ) as modules
        cross join lateral (
          select case
            -- Of a node that says nothing only a registration there tells anything.
            when report.node_id is null then nullif(node.name = any (contacts.nodes) and contacts.is_dialled, false)
            when modules.missing is not null then false
            -- PJSIP dials what it reads: without a contact, whatever it last heard, nothing.
            when said.can_ring and session.interface like 'PJSIP/%' and device.host = 'dynamic' and contacts.known = 0 then false
            when said.can_ring and device.host = 'dynamic' and contacts.live > 0 then contacts.is_dialled
            else said.can_ring
          end as can_ring
        ) as judged
        cross join lateral (
          select case
            when modules.missing is not null then 'module'
            when said.says = 'INVALID' then 'unknown'
            when device.host <> 'dynamic' then 'no_answer'
            when contacts.live = 0 then 'not_registered'
            when not contacts.is_dialled then 'transport'
            when not node.name = any (contacts.nodes) then 'other_node'
            else 'no_answer'
          end as reason
        ) as reasons
      where node.all_sites
        or exists (
          select
          from peerage.node_site as served
          where served.login = node.login
            and served.site_id = own.site_id
        )
    ) as by_node
  ) as told on true
where session.ended_at is null;

comment on view peerage.agent_reach is 'Whether calls of queues reach the agents at work, by what the nodes say that serve them; where no node says anything, by the registrations of the device. Agents whose calls go outside are missing: nobody can tell.';
comment on column peerage.agent_reach.session_id is 'The session.';
comment on column peerage.agent_reach.unreachable is 'Whether no node can ring the device.';
comment on column peerage.agent_reach.unreachable_at is 'The nodes that cannot: node (null when only the registrations say so), reason (not_registered, transport, other_node, no_answer, unknown, module) and detail. Not empty while some nodes can.';
comment on column peerage.agent_reach.lost_at is 'Since when, as far as known.';

create trigger node_report_truncate
  before truncate on peerage.node_report
  for each statement
  execute function peerage.refuse_truncate();

grant select, insert, update, delete on peerage.node_report, peerage.node_device to peerage_app;
grant select on peerage.agent_reach to peerage_app;
revoke all on function peerage.report_devices(text, text, bigint, text[], text[], text[], boolean) from public;
grant execute on function peerage.report_devices(text, text, bigint, text[], text[], text[], boolean) to peerage_app;
