drop trigger queue_login_is_another on peerage.queue_login;
drop function peerage.queue_login_is_another();
drop function peerage.pause_told(text, text, text, text);
drop table peerage.pause_order;
drop table peerage.pause_seen;
