drop table peerage.node_address;
