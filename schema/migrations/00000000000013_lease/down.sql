drop table peerage.node_service;
drop table peerage.node_lease;
