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

create function peerage.audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
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
  whence text := nullif(left(current_setting('peerage.address', true), 45), '');
begin
  -- What is a part of an agent is found by the agent's number.
  if tg_op = 'INSERT' then
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, after)
    select
      who,
      whence,
      tg_table_name,
      changed.id,
      coalesce(peerage.audit_subject(version.content), (select agent.number from peerage.agent as agent where agent.id = (version.content -> 'agent_id')::bigint)),
      'insert',
      case when secret = '{}' then version.content else peerage.audit_row(version.content, secret) end
    from new_rows as changed
      -- Offset 0 keeps the planner from computing the row once for each use.
      cross join lateral (select to_jsonb(changed) - computed as content offset 0) as version;
  elsif tg_op = 'DELETE' then
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, before)
    select
      who,
      whence,
      tg_table_name,
      changed.id,
      coalesce(peerage.audit_subject(version.content), (select agent.number from peerage.agent as agent where agent.id = (version.content -> 'agent_id')::bigint)),
      'delete',
      case when secret = '{}' then version.content else peerage.audit_row(version.content, secret) end
    from old_rows as changed
      cross join lateral (select to_jsonb(changed) - computed as content offset 0) as version;
  else
    -- Paired by grouping, not by a join: a plan that was made for one row, and kept, would join many in a nested loop.
    insert into peerage.audit_entry (actor, address, relation, row_id, subject, operation, before, after)
    select
      who,
      whence,
      tg_table_name,
      pair.id,
      coalesce(peerage.audit_subject(coalesce(pair.after, pair.before)), (select agent.number from peerage.agent as agent where agent.id = (coalesce(pair.after, pair.before) -> 'agent_id')::bigint)),
      'update',
      difference.before,
      difference.after
    from (
      select
        version.id,
        (array_agg(version.content) filter (where version.is_new))[1] as after,
        (array_agg(version.content) filter (where not version.is_new))[1] as before
      from (
        select
          old_row.id,
          false as is_new,
          to_jsonb(old_row) - computed as content
        from old_rows as old_row
        union all
        select
          new_row.id,
          true,
          to_jsonb(new_row) - computed
        from new_rows as new_row
      ) as version
      group by version.id
    ) as pair
      cross join lateral (
        select
          jsonb_object_agg(field, case when field = any (secret) and pair.before ->> field is not null then '"set"' else pair.before -> field end) as before,
          jsonb_object_agg(field, case when field = any (secret) and pair.after ->> field is not null then '"changed"' else pair.after -> field end) as after
        from jsonb_object_keys(coalesce(pair.after, pair.before)) as field
        where pair.before -> field is distinct from pair.after -> field
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
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  field text;
begin
  foreach field in array secret
  loop
    if changed ->> field is not null then
      changed := jsonb_set(changed, array[field], '"set"');
    end if;
  end loop;
  return changed;
end
$$;

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
