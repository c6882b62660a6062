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
