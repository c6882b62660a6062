drop table peerage.contact_lock;
drop table peerage.sip_contact;
