drop function peerage.stop_leading(text);
drop function peerage.lead(text, text, text[], text[], text[], double precision);
drop function peerage.another_is_able(bigint, text, interval);
drop table peerage.node_service;
drop table peerage.node_lease;
