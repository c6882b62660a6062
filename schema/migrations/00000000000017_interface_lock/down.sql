drop table peerage.interface_lock;
