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
      where contact.id >= device.number || '^3B@'
        and contact.id < device.number || '^3BA'
        and session.interface like 'PJSIP/%'
      union all
      select
        registration.node,
        registration.expires_at,
        registration.expires_at > clock_timestamp() as is_live,
        true as is_dialled,
        null::text as over
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
