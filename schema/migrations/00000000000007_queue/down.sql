drop table peerage.queue_rule;
drop table peerage.pause_reason;
drop table peerage.queue_assignment;
drop table peerage.queue;
drop function peerage.are_queue_options(jsonb);
comment on column peerage.sip_account.number is 'Extension, endpoint, AOR and user name in one; case-sensitive. `_` and `%` are wildcards in Asterisk''s LIKE and are refused.';
drop index peerage.sip_account_number_lower_key;
