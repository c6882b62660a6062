create function peerage.make_room_for_contact(wanted text, bound text[], max_contacts integer, by_login text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  -- PJSIP binds the new contacts of a REGISTER, as many as the AOR may have, before it removes the old ones; two more for what
  -- other nodes do meanwhile.
  most constant integer := 2 * max_contacts + 2;
  others integer := cardinality(bound);
begin
  if wanted = any (bound) then
    delete from peerage.sip_contact
    where id = wanted;
    others := others - 1;
  end if;
  -- A phone has moved here, and the node took its old contact for expired.
  if others >= max_contacts and by_login is not null then
    delete from peerage.sip_contact as contact
    where contact.id = any (bound)
      and contact.id <> wanted
      and contact.doubted_by = by_login
      and contact.doubted_at > clock_timestamp() - interval '10 seconds';
  end if;
  if others >= most then
    delete from peerage.sip_contact as contact
    where contact.id = any (bound)
      and contact.expires_at <= clock_timestamp();
    select count(*)::integer
    into others
    from peerage.sip_contact as contact
    where contact.id = any (bound);
    if others >= most then
      perform peerage.refuse('sip_contact', 'sip_contact_aor_full_check', 'id', wanted, format('its account has %s contacts already', others));
    end if;
  end if;
end
$$;

comment on function peerage.make_room_for_contact(text, text[], integer, text) is 'Makes room for a new contact among those an account has (bound): removes the one with the same id, those that this node has just asked to delete, and, at the limit, expired ones. Refuses the new contact when there is no room. The AOR must be locked (peerage.contact_lock).';
