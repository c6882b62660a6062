-- Who changed what, whoever it was: the triggers fire for the command, the service and a DBA alike.

create table peerage.audit_entry (
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  address text,
  relation text collate "C" not null,
  row_id bigint not null,
  subject text collate "C",
  operation text not null,
  before jsonb,
  after jsonb,
  constraint audit_entry_id_pk primary key (id),
  constraint audit_entry_operation_check check (operation in ('insert', 'update', 'delete'))
);

create index audit_entry_subject_idx on peerage.audit_entry (subject, id);

-- What has a subject is found by it.
create index audit_entry_relation_row_id_idx
  on peerage.audit_entry (relation, row_id, id)
  where subject is null;

comment on table peerage.audit_entry is 'Changes of configuration, one row for each row changed. Secrets stand in it as `set` or `changed`, never as digests.';
comment on column peerage.audit_entry.id is 'Order of the changes.';
comment on column peerage.audit_entry.at is 'When it was changed.';
comment on column peerage.audit_entry.actor is 'Who changed it: the setting peerage.actor, else the database user with its application name.';
comment on column peerage.audit_entry.address is 'Where a request to the service came from; null for everything else.';
comment on column peerage.audit_entry.relation is 'Table of schema peerage.';
comment on column peerage.audit_entry.row_id is 'id of the row.';
comment on column peerage.audit_entry.subject is 'Number, name or user name of the row at that time.';
comment on column peerage.audit_entry.operation is 'insert, update or delete.';
comment on column peerage.audit_entry.before is 'Values before: the whole row on delete, the changed columns on update.';
comment on column peerage.audit_entry.after is 'Values after: the whole row on insert, the changed columns on update.';
