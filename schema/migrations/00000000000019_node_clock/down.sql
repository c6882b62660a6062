drop table peerage.node_clock;
