drop table peerage.queue_rule;
drop table peerage.pause_reason;
drop table peerage.queue_assignment;
drop table peerage.queue;
drop function peerage.are_queue_options(jsonb);
