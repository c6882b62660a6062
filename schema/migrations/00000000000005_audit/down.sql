drop table peerage.audit_entry;
