drop table peerage.node_device;
drop table peerage.node_report;
