create function peerage.unbind_contact(wanted text)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  lives_for bigint;
  written_for bigint;
  is_own boolean;
  is_node boolean;
  ahead bigint;
begin
  select
    ceil(extract(epoch from contact.expires_at - clock_timestamp()))::bigint,
    -- As nodes read it.
    contact.expiration_time - extract(epoch from clock_timestamp())::bigint,
    node.login is not null,
    coalesce(contact.node = node.name, false)
  into
    lives_for,
    written_for,
    is_node,
    is_own
  from peerage.sip_contact as contact
    left join peerage.node as node on node.login = session_user::text
  where contact.id = wanted;
  if not found then
    return false;
  end if;
  if is_node and lives_for > 0 then
    ahead := peerage.node_clock_ahead(session_user::text);
    -- A node whose clock is right, or to which the contact lives too, has been asked to unbind it. One whose own contact it is knows what it
    -- wrote, unless its clock has changed since. What the others think expired is kept.
    if (ahead is null and not is_own) or (ahead > 2 and written_for <= ahead + 1) then
      update peerage.sip_contact
      set
        doubted_by = session_user::text,
        doubted_at = clock_timestamp()
      where id = wanted;
      return true;
    end if;
  end if;
  delete from peerage.sip_contact
  where id = wanted;
  return true;
end
$$;

comment on function peerage.unbind_contact(text) is 'Deletes a contact that a node unbinds, and tells whether there was one. One that lives, and that the node''s clock takes for expired, or may take for it, is kept.';
