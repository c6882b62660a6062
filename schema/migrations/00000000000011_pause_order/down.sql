drop table peerage.pause_order;
drop table peerage.pause_seen;
