create function peerage.sip_peer_written()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  whole text;
  wrong text;
  written text;
  by_node text;
begin
  -- As a rule a telephone says the same again.
  if (new.ipaddr, new.port, new.fullcontact, new.useragent, new.regserver, new.path, new.lastms)
    is distinct from (old.ipaddr, old.port, old.fullcontact, old.useragent, old.regserver, old.path, old.lastms)
  then
    whole := concat_ws('', new.fullcontact, new.path, new.useragent, new.regserver, new.lastms);
    if octet_length(whole) > 255 or octet_length(whole) <> char_length(whole) or whole ~ '[\u0001-\u001f\u007f]' then
      new.fullcontact := peerage.received(new.fullcontact);
      new.path := peerage.received(new.path);
      -- These are only shown.
      new.useragent := peerage.only_shown(new.useragent);
      new.regserver := peerage.only_shown(new.regserver);
    end if;
    if new.lastms !~ '^(-?[0-9]{1,9})?$' then
      -- A number that cannot be is not worth a registration.
      new.lastms := '0';
    end if;
    wrong := case
      when octet_length(new.fullcontact) > 1000 or new.fullcontact ~ '[\u0001-\u001f\u007f]' then 'fullcontact'
      when new.path <> '' and (octet_length(new.path) > 2000 or new.path ~ '[\u0001-\u001f\u007f]') then 'path'
      when new.ipaddr <> '' and (new.ipaddr !~ '^[0-9A-Fa-f:.]{1,45}(%[0-9A-Za-z]{1,15})?$' or not peerage.is_address(regexp_replace(split_part(new.ipaddr, '%', 1), '^::ffff:', ''))) then 'ipaddr'
      when not peerage.is_port(new.port) then 'port'
    end;
    if wrong is not null then
      execute format('select ($1).%I', wrong)
      into written
      using new;
      perform peerage.refuse_peer(wrong, written);
    end if;
    new.contact_uri := peerage.from_bytes(peerage.unwire(new.fullcontact));
    new.agent_name := nullif(peerage.from_bytes(peerage.unwire(new.useragent)), '');
  end if;

  select
    case
      -- Who sets written_at has a right to the table, and speaks for the node that stands there.
      when new.written_at is distinct from old.written_at then old.node
      else coalesce(
        (
          select node.name
          from peerage.node as node
          where node.login = session_user::text
        ),
        session_user
      )
    end,
    -- More than chan_sip lets a registration last, unless maxexpiry of sip.conf says so. What is no number becomes what
    -- chan_sip gives a telephone that asks for nothing.
    case
      when new.regseconds ~ '^[0-9]{1,10}$' then least(new.regseconds::bigint, latest)::text
      when new.regseconds ~ '^[0-9]+$' then latest::text
      when new.regseconds <> '' then (latest - 604800 + 120)::text
    end
  into
    by_node,
    new.regseconds
  from extract(epoch from clock_timestamp()::timestamptz(0)) as second,
    lateral (select second::bigint + 604800 as latest) as bound;

  if coalesce(new.fullcontact, '') = '' and coalesce(new.regseconds, '0') = '0' then
    -- A node whose memory is out of date (the phone has since registered at another one) would clear a live
    -- registration.
    if old.expires_at > clock_timestamp() and old.node <> by_node then
      return old;
    end if;
    new.ipaddr := null;
    new.port := null;
    new.regseconds := null;
    new.defaultuser := new.number;
    new.fullcontact := null;
    new.regserver := null;
    new.useragent := null;
    new.path := null;
    new.registered_transport := null;
    new.registered_at := null;
    new.contact_uri := null;
    new.agent_name := null;
  elsif old.fullcontact is distinct from new.fullcontact then
    new.registered_transport := peerage.registered_transport(new.fullcontact, new.transport);
    if old.fullcontact is null then
      new.registered_at := clock_timestamp();
    end if;
  end if;
  select
    by_node,
    clock_timestamp(),
    case
      when new.regseconds <> '0' then to_timestamp(new.regseconds::double precision)
    end
  into
    new.node,
    new.written_at,
    new.expires_at;
  return new;
end
$$;

comment on function peerage.sip_peer_written() is 'Bounds and completes what chan_sip writes of a registration; a clear by another node than the one that registered is ignored while the registration lives.';

-- serve_new() writes defaultuser and none of these. chan_sip never writes that alone.
create trigger sip_peer_written
  before update of ipaddr, port, regseconds, fullcontact, regserver, useragent, lastms, path on peerage.sip_peer
  for each row
  execute function peerage.sip_peer_written();
