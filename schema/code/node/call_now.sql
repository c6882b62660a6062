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
