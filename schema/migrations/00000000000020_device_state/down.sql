drop view peerage.agent_reach;
drop function peerage.report_devices(text, text, bigint, text[], text[], text[], boolean);
drop table peerage.node_device;
drop table peerage.node_report;
drop function peerage.tell_report();
drop function peerage.tell_devices();
