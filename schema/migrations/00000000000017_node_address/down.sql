drop trigger sip_contact_at_node on peerage.sip_contact;
drop function peerage.sip_contact_at_node();
drop function peerage.contact_address(text);
drop table peerage.node_address;
