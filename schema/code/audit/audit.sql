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

-- Configuration of queues is audited as that of agents is. State is not: it has its own history.

-- What of a row nobody may read stands as the trigger's arguments. Assignments that somebody else makes or takes back are only inserted and
-- deleted.
do $$
declare
  watched record;
begin
  for watched in
    select
      list.relation,
      list.secret,
      list.is_updated
    from (
      values
        ('site', '', true),
        ('node', '', true),
        ('node_site', '', false),
        ('sip_account', '', true),
        ('sip_secret', '''md5'', ''sha256''', true),
        ('agent', '''pin_digest''', true),
        ('agent_channel', '', true),
        ('phone', '', true),
        ('login_account', '''password_hash''', true),
        ('supervisor_queue', '', false),
        ('api_token', '''token_digest''', false),
        ('queue', '', true),
        ('queue_assignment', '', true),
        ('queue_rule', '', true),
        ('pause_reason', '', true)
    ) as list (relation, secret, is_updated)
  loop
    execute format(
      'create trigger %s_audit_insert after insert on peerage.%1$s referencing new table as new_rows for each statement execute function peerage.audit(%s)',
      watched.relation,
      watched.secret
    );
    if watched.is_updated then
      execute format(
        'create trigger %s_audit_update after update on peerage.%1$s referencing old table as old_rows new table as new_rows for each statement execute function peerage.audit(%s)',
        watched.relation,
        watched.secret
      );
    end if;
    execute format(
      'create trigger %s_audit_delete after delete on peerage.%1$s referencing old table as old_rows for each statement execute function peerage.audit(%s)',
      watched.relation,
      watched.secret
    );
  end loop;
end
$$;
