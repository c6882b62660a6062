drop table peerage.queue_rule;
drop table peerage.pause_reason;
drop table peerage.queue_assignment;
drop table peerage.queue;
drop function peerage.are_empty_words(text);
drop function peerage.refuse_queue_options(jsonb);
drop function peerage.is_queue_option(text, text);
drop function peerage.queue_option_rule(text);
drop function peerage.queue_option_kind(text);
