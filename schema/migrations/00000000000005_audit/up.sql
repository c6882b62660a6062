-- Who changed what, whoever it was: the triggers fire for the command, the service and a DBA alike.

create table peerage.audit_entry (
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  relation text not null,
  row_id bigint not null,
  subject text,
  operation text not null,
  before jsonb,
  after jsonb,
  constraint audit_entry_id_pk primary key (id),
  constraint audit_entry_operation_check check (operation in ('insert', 'update', 'delete'))
);

create index audit_entry_subject_idx on peerage.audit_entry (subject, id);
create index audit_entry_relation_row_id_idx on peerage.audit_entry (relation, row_id, id);

comment on table peerage.audit_entry is 'Changes of configuration, one row for each row changed. Secrets stand in it as `set` or `changed`, never as digests.';
comment on column peerage.audit_entry.id is 'Order of the changes.';
comment on column peerage.audit_entry.at is 'When it was changed.';
comment on column peerage.audit_entry.actor is 'Who changed it: the setting peerage.actor, else the database user with its application name.';
comment on column peerage.audit_entry.relation is 'Table of schema peerage.';
comment on column peerage.audit_entry.row_id is 'id of the row.';
comment on column peerage.audit_entry.subject is 'Number, name or user name of the row at that time.';
comment on column peerage.audit_entry.operation is 'insert, update or delete.';
comment on column peerage.audit_entry.before is 'Values before: the whole row on delete, the changed columns on update.';
comment on column peerage.audit_entry.after is 'Values after: the whole row on insert, the changed columns on update.';

create function peerage.audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  secret text[] := coalesce(tg_argv, '{}');
  -- What is computed from other columns is no news; what nobody may read is shown as set.
  computed text[] := array(
    select attribute.attname::text
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = tg_relid
      and attribute.attgenerated <> ''
  );
  who text := peerage.actor();
begin
  if tg_op = 'INSERT' then
    insert into peerage.audit_entry (actor, relation, row_id, subject, operation, after)
    select
      who,
      tg_table_name,
      changed.id,
      peerage.audit_subject(to_jsonb(changed)),
      'insert',
      peerage.audit_row(to_jsonb(changed) - computed, secret)
    from new_rows as changed;
  elsif tg_op = 'DELETE' then
    insert into peerage.audit_entry (actor, relation, row_id, subject, operation, before)
    select
      who,
      tg_table_name,
      changed.id,
      peerage.audit_subject(to_jsonb(changed)),
      'delete',
      peerage.audit_row(to_jsonb(changed) - computed, secret)
    from old_rows as changed;
  else
    insert into peerage.audit_entry (actor, relation, row_id, subject, operation, before, after)
    select
      who,
      tg_table_name,
      new_row.id,
      peerage.audit_subject(to_jsonb(new_row)),
      'update',
      difference.before,
      difference.after
    from new_rows as new_row
      join old_rows as old_row on old_row.id = new_row.id
      cross join lateral (
        select
          jsonb_object_agg(o.key, case when o.key = any (secret) and o.value <> 'null' then '"set"' else o.value end) as before,
          jsonb_object_agg(o.key, case when o.key = any (secret) and n.value <> 'null' then '"changed"' else n.value end) as after
        from jsonb_each(to_jsonb(old_row) - computed) as o
          join jsonb_each(to_jsonb(new_row) - computed) as n on n.key = o.key
        where o.value <> n.value
      ) as difference
    where difference.before is not null;
  end if;
  return null;
end
$$;

comment on function peerage.audit() is 'Records a statement''s changes. Its arguments are the columns whose values are secret.';

create function peerage.audit_subject(changed jsonb)
  returns text
  language sql
  immutable
  parallel safe
  return coalesce(changed ->> 'number', changed ->> 'name', changed ->> 'username');

comment on function peerage.audit_subject(jsonb) is 'What people call the row.';

create function peerage.audit_row(changed jsonb, secret text[])
  returns jsonb
  language sql
  immutable
  parallel safe
  return (changed - secret) || coalesce(
    (
      select jsonb_object_agg(each.key, case when each.value <> 'null' then '"set"' else each.value end)
      from jsonb_each(changed) as each
      where each.key = any (secret)
    ),
    '{}'
  );

comment on function peerage.audit_row(jsonb, text[]) is 'A row as the audit keeps it: a secret is only said to be set.';

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (
      values
        ('site', ''),
        ('node', ''),
        ('sip_account', ''),
        ('sip_secret', '''md5'', ''sha256'''),
        ('agent', '''pin_digest'''),
        ('agent_channel', ''),
        ('phone', ''),
        ('login_account', '''password_hash''')
    ) as list (relation, secret)
  loop
    execute format('create trigger %s_audit_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.audit(%s)', watched.relation, watched.secret);
    execute format('create trigger %s_audit_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.audit(%s)', watched.relation, watched.secret);
    execute format('create trigger %s_audit_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.audit(%s)', watched.relation, watched.secret);
  end loop;
end
$$;
