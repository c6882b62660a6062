drop table peerage.sign_in_network;
drop table peerage.sign_in_device;
drop table peerage.sign_in_attempt;
