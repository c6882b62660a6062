-- object:   ps_contacts
-- module:   res_pjsip, sorcery type contact (res_pjsip/location.c; res_pjsip_registrar.c)
-- read:     by id prefix (AOR, `^3B@`) for each REGISTER and each call; by expiration_time; whole at start
-- write:    insert, update, delete by res_pjsip_registrar
-- asterisk: 16 to 23
-- site:     contact.site_id

create view asterisk.ps_contacts as
select
  contact.id as id,
  contact.uri as uri,
  contact.expiration_time as expiration_time,
  contact.qualify_frequency as qualify_frequency,
  contact.outbound_proxy as outbound_proxy,
  contact.path as path,
  contact.user_agent as user_agent,
  contact.qualify_timeout as qualify_timeout,
  contact.reg_server as reg_server,
  contact.authenticate_qualify as authenticate_qualify,
  contact.via_addr as via_addr,
  contact.via_port as via_port,
  contact.call_id as call_id,
  contact.endpoint as endpoint,
  contact.prune_on_boot as prune_on_boot,
  contact.qualify_2xx_only as qualify_2xx_only
from peerage.sip_contact as contact;

comment on view asterisk.ps_contacts is 'PJSIP contacts, as PJSIP wrote them.';
comment on column asterisk.ps_contacts.id is 'AOR, `^3B@`, MD5 of the URI.';
comment on column asterisk.ps_contacts.uri is 'Contact URI, with `;` coded.';
comment on column asterisk.ps_contacts.expiration_time is 'Seconds since 1970; a number, because it is compared with <=.';
comment on column asterisk.ps_contacts.qualify_frequency is 'Seconds between OPTIONS requests.';
comment on column asterisk.ps_contacts.outbound_proxy is 'Null for none.';
comment on column asterisk.ps_contacts.path is 'Null for none.';
comment on column asterisk.ps_contacts.user_agent is 'User-Agent header.';
comment on column asterisk.ps_contacts.qualify_timeout is 'Seconds.';
comment on column asterisk.ps_contacts.reg_server is 'systemname of the Asterisk that took the REGISTER.';
comment on column asterisk.ps_contacts.authenticate_qualify is 'yes or no.';
comment on column asterisk.ps_contacts.via_addr is 'Address the REGISTER came from.';
comment on column asterisk.ps_contacts.via_port is 'Port the REGISTER came from.';
comment on column asterisk.ps_contacts.call_id is 'Call-ID of the REGISTER.';
comment on column asterisk.ps_contacts.endpoint is 'Endpoint that registered it.';
comment on column asterisk.ps_contacts.prune_on_boot is 'yes or no.';
comment on column asterisk.ps_contacts.qualify_2xx_only is 'true or false; written by 20.12, 21.7, 22.2 and later, null before.';

-- PostgreSQL could delete through the view by itself. But whoever may do so may also lock the table beneath, and keep
-- everybody from it: so the view belongs to a role that may not (see grants.sql), and this deletes.
create function asterisk.ps_contacts_delete()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
declare
  node_name text;
  ahead bigint;
begin
  select
    node.name,
    clock.ahead
  into
    node_name,
    ahead
  from peerage.node as node
    left join peerage.node_clock as clock on clock.login = node.login
      and clock.backend = pg_backend_pid()
      and clock.seen_at > clock_timestamp() - interval '2 minutes'
  where node.login = session_user::text;

  -- A node whose clock is right, or to which the contact lives too, has been asked to unbind it. One whose own contact it is knows what it
  -- wrote, unless its clock has changed since. What the others think expired is kept.
  delete from peerage.sip_contact as contact
  where contact.id = old.id
    and (
      node_name is null
      or (contact.expires_at > clock_timestamp()) is not true
      or not (
        ahead is null and contact.node <> node_name
        or coalesce(ahead > 2, false) and contact.expiration_time <= extract(epoch from clock_timestamp())::bigint + ahead + 1
      )
    );
  if found then
    return old;
  end if;
  update peerage.sip_contact
  set
    doubted_by = session_user::text,
    doubted_at = clock_timestamp()
  where id = old.id;
  if found then
    return old;
  end if;
  return null;
end
$$;

comment on function asterisk.ps_contacts_delete() is 'Deletes a contact that a node unbinds. One that lives, and that the node''s clock takes for expired, or may take for it, is kept.';

create trigger ps_contacts_delete
  instead of delete on asterisk.ps_contacts
  for each row
  execute function asterisk.ps_contacts_delete();
