-- object:   ps_contacts
-- module:   res_pjsip, sorcery type contact (res_pjsip/location.c; res_pjsip_registrar.c)
-- read:     by id prefix (AOR, `^3B@`) for each REGISTER and each call; by expiration_time; whole at start
-- write:    insert, update, delete by res_pjsip_registrar
-- asterisk: 16 to 23

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

-- A statement may come twice (the driver repeats it after a lost connection), and a contact may be there already
-- (written by another node), so an insert is an upsert and an update of a missing row makes it.
create function asterisk.ps_contacts_write()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  owner record;
  used text;
begin
  select
    account.id,
    account.transports
  into owner
  from peerage.sip_account as account
  where account.number = split_part(new.id, '^3B@', 1);

  -- ws stands in the URI of a secure WebSocket too (RFC 7118 section 5.2); without a parameter it is UDP (RFC 3261 section 19.1.2).
  used := lower(coalesce(
    substring(new.uri from '\^3B[Tt][Rr][Aa][Nn][Ss][Pp][Oo][Rr][Tt]=([A-Za-z]+)'),
    case
      when new.uri like 'sips:%' then 'tls'
      else 'udp'
    end
  ));

  insert into peerage.sip_contact as contact (
    id,
    uri,
    expiration_time,
    qualify_frequency,
    outbound_proxy,
    path,
    user_agent,
    qualify_timeout,
    reg_server,
    authenticate_qualify,
    via_addr,
    via_port,
    call_id,
    endpoint,
    prune_on_boot,
    qualify_2xx_only,
    account_id,
    transport_listed,
    node
  )
  values (
    new.id,
    nullif(new.uri, ''),
    new.expiration_time,
    nullif(new.qualify_frequency, ''),
    nullif(new.outbound_proxy, ''),
    nullif(new.path, ''),
    nullif(new.user_agent, ''),
    nullif(new.qualify_timeout, ''),
    nullif(new.reg_server, ''),
    nullif(new.authenticate_qualify, ''),
    nullif(new.via_addr, ''),
    nullif(new.via_port, ''),
    nullif(new.call_id, ''),
    nullif(new.endpoint, ''),
    nullif(new.prune_on_boot, ''),
    nullif(new.qualify_2xx_only, ''),
    owner.id,
    owner.id is null
      or used = any (owner.transports)
      or (used = 'ws' and 'wss' = any (owner.transports)),
    current_setting('application_name')
  )
  on conflict on constraint sip_contact_id_pk do update
  set
    uri = excluded.uri,
    expiration_time = excluded.expiration_time,
    qualify_frequency = excluded.qualify_frequency,
    outbound_proxy = excluded.outbound_proxy,
    path = excluded.path,
    user_agent = excluded.user_agent,
    qualify_timeout = excluded.qualify_timeout,
    reg_server = excluded.reg_server,
    authenticate_qualify = excluded.authenticate_qualify,
    via_addr = excluded.via_addr,
    via_port = excluded.via_port,
    call_id = excluded.call_id,
    endpoint = excluded.endpoint,
    prune_on_boot = excluded.prune_on_boot,
    qualify_2xx_only = excluded.qualify_2xx_only,
    account_id = excluded.account_id,
    transport_listed = excluded.transport_listed,
    node = excluded.node,
    refreshed_at = clock_timestamp();
  return new;
end
$$;

comment on function asterisk.ps_contacts_write() is 'Takes a contact that PJSIP binds or refreshes.';

create trigger ps_contacts_write
  instead of insert or update on asterisk.ps_contacts
  for each row
  execute function asterisk.ps_contacts_write();

create function asterisk.ps_contacts_delete()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  delete from peerage.sip_contact
  where id = old.id;
  return old;
end
$$;

comment on function asterisk.ps_contacts_delete() is 'Takes the end of a contact: unregistered, expired or displaced. Always honoured, whichever node says it.';

create trigger ps_contacts_delete
  instead of delete on asterisk.ps_contacts
  for each row
  execute function asterisk.ps_contacts_delete();
