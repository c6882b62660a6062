-- object:   queue_rules
-- module:   app_queue (apps/app_queue.c: load_realtime_rules)
-- read:     whole, at load and reload, with realtime_rules=yes
-- write:    never
-- asterisk: 16 to 23
-- site:     none

-- The second arm is a rule that changes nothing and that no queue has: app_queue warns when it finds no rule at all.
-- The steps of a rule must come in order: app_queue inserts a late one before each of those that follow it, and its
-- list is broken then.
create view asterisk.queue_rules as
select
  rule.name as rule_name,
  rule.after_seconds::text as time,
  rule.min_penalty as min_penalty,
  rule.max_penalty as max_penalty,
  rule.raise_penalty as raise_penalty
from (
  select
    step.name,
    step.after_seconds,
    step.min_penalty,
    step.max_penalty,
    step.raise_penalty
  from peerage.queue_rule as step
  union all
  select
    'peerage-probe'::text collate "C",
    0,
    null::text,
    null::text,
    null::text
) as rule
order by
  rule.name,
  rule.after_seconds;

comment on view asterisk.queue_rules is 'Penalty rules of queues.';
comment on column asterisk.queue_rules.rule_name is 'Name of the rule.';
comment on column asterisk.queue_rules.time is 'Seconds waited until the step.';
comment on column asterisk.queue_rules.min_penalty is 'New QUEUE_MIN_PENALTY or its change.';
comment on column asterisk.queue_rules.max_penalty is 'New QUEUE_MAX_PENALTY or its change.';
comment on column asterisk.queue_rules.raise_penalty is 'New QUEUE_RAISE_PENALTY or its change.';
