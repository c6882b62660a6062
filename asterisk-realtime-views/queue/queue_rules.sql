-- object:   queue_rules
-- module:   app_queue (apps/app_queue.c: load_realtime_rules)
-- read:     whole, at load and reload, with realtime_rules=yes
-- write:    never
-- asterisk: 16 to 23

create view asterisk.queue_rules as
select
  rule.name as rule_name,
  rule.after_seconds::text as time,
  rule.min_penalty as min_penalty,
  rule.max_penalty as max_penalty,
  rule.raise_penalty as raise_penalty
from peerage.queue_rule as rule
order by
  rule.name,
  rule.after_seconds;

comment on view asterisk.queue_rules is 'Penalty rules of queues.';
comment on column asterisk.queue_rules.rule_name is 'Name of the rule.';
comment on column asterisk.queue_rules.time is 'Seconds waited until the step.';
comment on column asterisk.queue_rules.min_penalty is 'New QUEUE_MIN_PENALTY or its change.';
comment on column asterisk.queue_rules.max_penalty is 'New QUEUE_MAX_PENALTY or its change.';
comment on column asterisk.queue_rules.raise_penalty is 'New QUEUE_RAISE_PENALTY or its change.';
