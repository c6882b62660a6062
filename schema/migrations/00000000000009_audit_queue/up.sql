-- Configuration of queues is audited as that of agents is. State is not: it has its own history.

create trigger queue_audit_insert
  after insert on peerage.queue
  referencing new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_audit_update
  after update on peerage.queue
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_audit_delete
  after delete on peerage.queue
  referencing old table as old_rows
  for each statement
  execute function peerage.audit();

create trigger queue_assignment_audit_insert
  after insert on peerage.queue_assignment
  referencing new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_assignment_audit_update
  after update on peerage.queue_assignment
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_assignment_audit_delete
  after delete on peerage.queue_assignment
  referencing old table as old_rows
  for each statement
  execute function peerage.audit();

create trigger pause_reason_audit_insert
  after insert on peerage.pause_reason
  referencing new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger pause_reason_audit_update
  after update on peerage.pause_reason
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger pause_reason_audit_delete
  after delete on peerage.pause_reason
  referencing old table as old_rows
  for each statement
  execute function peerage.audit();

create trigger queue_rule_audit_insert
  after insert on peerage.queue_rule
  referencing new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_rule_audit_update
  after update on peerage.queue_rule
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.audit();

create trigger queue_rule_audit_delete
  after delete on peerage.queue_rule
  referencing old table as old_rows
  for each statement
  execute function peerage.audit();
