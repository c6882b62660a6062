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

grant select, insert, update on peerage.agent_call to peerage_app;
