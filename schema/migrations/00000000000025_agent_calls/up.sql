-- Calls of agents as the service that leads a node sees them. Pages have them from the events themselves; the command and reports have
-- nothing but the database, and idle time, which counts from the last call, has to survive the service.

create table peerage.agent_call (
  agent_id bigint not null,
  node_id bigint not null,
  state text,
  since timestamptz,
  ended_at timestamptz,
  constraint agent_call_agent_id_node_id_pk primary key (agent_id, node_id),
  constraint agent_call_agent_id_fk foreign key (agent_id) references peerage.agent (id) on delete cascade,
  constraint agent_call_node_id_fk foreign key (node_id) references peerage.node (id) on delete cascade,
  constraint agent_call_state_check check (state in ('ringing', 'on_call')),
  constraint agent_call_since_check check ((state is null) = (since is null))
);

create index agent_call_node_id_idx on peerage.agent_call (node_id);

comment on table peerage.agent_call is 'The call of an agent at a node, as the service that leads the node saw it last, and when the last one ended. Believed only while somebody leads the node: see call_now.';
comment on column peerage.agent_call.agent_id is 'The agent.';
comment on column peerage.agent_call.node_id is 'The node that has the call.';
comment on column peerage.agent_call.state is 'ringing or on_call; null when there is no call.';
comment on column peerage.agent_call.since is 'Since when, by the clock of the service; null when there is no call.';
comment on column peerage.agent_call.ended_at is 'When the last call that was up ended, by the clock of the service; null when none was seen. A call that only rang does not count.';

create view peerage.call_now as
  select
    call.agent_id,
    min(call.since) filter (where call.state = 'on_call' and lease.expires_at > clock_timestamp()) as up_since,
    min(call.since) filter (where call.state = 'ringing' and lease.expires_at > clock_timestamp()) as ringing_since,
    max(call.ended_at) as ended_at
  from peerage.agent_call as call
    left join peerage.node_lease as lease on lease.node_id = call.node_id
  group by call.agent_id;

comment on view peerage.call_now is 'The calls of agents over all nodes: what a node that nobody leads had last is not known to be so still.';
comment on column peerage.call_now.agent_id is 'The agent.';
comment on column peerage.call_now.up_since is 'Since when a call is up; null when none is.';
comment on column peerage.call_now.ringing_since is 'Since when a call rings; null when none does.';
comment on column peerage.call_now.ended_at is 'When the last call that was up ended; null when none was seen.';

create function peerage.see_calls(
  of_node text,
  by_service text,
  by_epoch bigint,
  numbers text[],
  states text[],
  sinces timestamptz[],
  ends timestamptz[],
  whole boolean
)
  returns boolean
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  known_node constant bigint := (
    select node.id
    from peerage.node as node
      join peerage.node_lease as lease on lease.node_id = node.id
    where node.name = of_node
      and lease.service = by_service
      and lease.epoch = by_epoch
      and lease.expires_at > clock_timestamp()
  );
begin
  if known_node is null then
    return false;
  end if;
  insert into peerage.agent_call as call (agent_id, node_id, state, since, ended_at)
  select
    agent.id,
    known_node,
    seen.state,
    seen.since,
    seen.ended_at
  from unnest(numbers, states, sinces, ends) as seen (number, state, since, ended_at)
    join peerage.agent as agent on agent.number = seen.number and agent.removed_at is null
  order by agent.id
  on conflict on constraint agent_call_agent_id_node_id_pk do update
  set
    state = excluded.state,
    since = excluded.since,
    ended_at = greatest(call.ended_at, excluded.ended_at);

  if whole then
    update peerage.agent_call as call
    set
      state = null,
      since = null,
      ended_at = greatest(call.ended_at, case when call.state = 'on_call' then clock_timestamp() end)
    where call.node_id = known_node
      and call.state is not null
      and call.agent_id not in (
        select agent.id
        from peerage.agent as agent
        where agent.number = any (numbers)
          and agent.removed_at is null
      );
  end if;
  return true;
end
$$;

comment on function peerage.see_calls(text, text, bigint, text[], text[], timestamptz[], timestamptz[], boolean) is
  'Keeps what the service that leads a node sees of calls there: of each number the state, since when, and when the last call ended. Whole: whoever is not named has no call there. Returns whether it leads the node. Numbers of no agent are left out.';

revoke all on function peerage.see_calls(text, text, bigint, text[], text[], timestamptz[], timestamptz[], boolean) from public;

grant select, insert, update on peerage.agent_call to peerage_app;
grant select on peerage.call_now to peerage_app;
grant execute on function peerage.see_calls(text, text, bigint, text[], text[], timestamptz[], timestamptz[], boolean) to peerage_app;
