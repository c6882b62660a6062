create function peerage.sip_contact_bounded()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  whole text;
  wrong text;
  written text;
begin
  if tg_op = 'UPDATE' then
    -- As a rule a telephone says the same again.
    if (
      new.id,
      new.uri,
      new.endpoint,
      new.user_agent,
      new.call_id,
      new.via_addr,
      new.via_port,
      new.path,
      new.reg_server,
      new.outbound_proxy,
      new.qualify_frequency,
      new.qualify_timeout,
      new.authenticate_qualify,
      new.prune_on_boot,
      new.qualify_2xx_only
    ) is not distinct from (
      old.id,
      old.uri,
      old.endpoint,
      old.user_agent,
      old.call_id,
      old.via_addr,
      old.via_port,
      old.path,
      old.reg_server,
      old.outbound_proxy,
      old.qualify_frequency,
      old.qualify_timeout,
      old.authenticate_qualify,
      old.prune_on_boot,
      old.qualify_2xx_only
    ) then
      return new;
    end if;
    -- The id has the AOR and the MD5 of the URI in it.
    if new.id <> old.id or new.uri is distinct from old.uri or nullif(new.endpoint, '') is distinct from nullif(old.endpoint, '') then
      perform peerage.refuse('sip_contact', 'sip_contact_id_uri_check', 'id', left(new.id, 120), 'a contact keeps its id, URI and endpoint');
    end if;
  end if;
  -- As a rule there is nothing to cut, and nothing but ASCII.
  whole := concat_ws('', new.uri, new.path, new.outbound_proxy, new.user_agent, new.call_id, new.via_addr, new.reg_server);
  if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole ~ '[\u0001-\u001f\u007f]' then
    new.uri := peerage.received(new.uri);
    new.path := peerage.received(new.path);
    new.outbound_proxy := peerage.received(new.outbound_proxy);
    -- These are only shown.
    new.user_agent := peerage.only_shown(new.user_agent);
    new.call_id := peerage.only_shown(new.call_id);
    new.via_addr := peerage.only_shown(new.via_addr);
    new.reg_server := peerage.only_shown(new.reg_server);
  end if;
  new.aor := split_part(new.id, '^3B@', 1);
  -- Another Asterisk would take the rest as its own word. PJSIP prints a URI from what it has parsed.
  wrong := case
    when octet_length(new.id) > 200 or new.id !~ '^[0-9A-Za-z.-]+\^3B@[0-9a-f]{32}$' then 'id'
    when new.uri is null
      or octet_length(new.uri) > 1000
      or new.uri !~ '^sips?:([^][<>"@ \u0001-\u001f\u007f]+@)?(\[[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?\]|[0-9A-Za-z._-]+)(:[0-9]{1,5})?((\^3B|[?])[^<>" \u0001-\u001f\u007f]*)?$'
      or not peerage.is_port(substring(new.uri from '^sips?:(?:[^@]+@)?(?:\[[^]]*\]|[0-9A-Za-z._-]+):([0-9]{1,5})')) then 'uri'
    when new.endpoint <> new.aor and new.endpoint <> '' then 'endpoint'
    when new.path <> '' and (octet_length(new.path) > 2000 or new.path ~ '[\u0001-\u001f\u007f]') then 'path'
    when new.outbound_proxy <> '' and (octet_length(new.outbound_proxy) > 255 or new.outbound_proxy ~ '[\u0001-\u001f\u007f]') then 'outbound_proxy'
    when not peerage.is_port(new.via_port) then 'via_port'
    when new.qualify_frequency !~ '^[0-9]{0,9}$' then 'qualify_frequency'
    when new.qualify_timeout !~ '^([0-9]{1,9}([.][0-9]{1,9})?)?$' then 'qualify_timeout'
    when new.authenticate_qualify not in ('', 'yes', 'no', 'true', 'false')
      or new.prune_on_boot not in ('', 'yes', 'no', 'true', 'false')
      or new.qualify_2xx_only not in ('', 'yes', 'no', 'true', 'false') then 'prune_on_boot'
  end;
  if wrong is not null then
    execute format('select ($1).%I', wrong)
    into written
    using new;
    perform peerage.refuse_contact(wrong, written);
  end if;
  new.contact_uri := peerage.from_bytes(peerage.unwire(new.uri));
  new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.user_agent)), '');
  return new;
end
$$;

comment on function peerage.sip_contact_bounded() is 'Makes of a contact what PJSIP can have written, or refuses it; adds what people read of it. Runs before the others, by its name.';

create trigger sip_contact_are_bounded
  before insert or update of id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify,
    via_addr, via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only
  on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_bounded();
