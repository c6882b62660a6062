create function peerage.sip_contact_refreshed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  -- Its statements find a row or two by a key: to plan them anew each time costs more than they do.
  set plan_cache_mode = force_generic_plan
as $$
begin
  select
    coalesce(
      (
        select node.name
        from peerage.node as node
        where node.login = session_user::text
      ),
      session_user
    ),
    clock_timestamp(),
    -- Other nodes would take what one wrote whose clock is behind for expired.
    greatest(least(coalesce(new.expiration_time, 1) - least(clock.ahead, 0), contact.latest), 1),
    to_timestamp(greatest(least(coalesce(new.expiration_time, 1) - clock.ahead, contact.latest), 1))
  into
    new.node,
    new.refreshed_at,
    new.expiration_time,
    new.expires_at
  from (select extract(epoch from clock_timestamp())::bigint + 604800 as latest) as contact
    cross join lateral (
      select coalesce(
        (
          select node_clock.ahead
          from peerage.node_clock as node_clock
          where node_clock.login = session_user::text
            and node_clock.backend = pg_backend_pid()
            and abs(node_clock.ahead) > 2
        ),
        0
      ) as ahead
    ) as clock;
  new.doubted_by := null;
  new.doubted_at := null;
  return new;
end
$$;

comment on function peerage.sip_contact_refreshed() is 'Adds to a contact that PJSIP refreshes when, and which node wrote it.';

create trigger sip_contact_refreshed
  before update of id, uri, expiration_time, qualify_frequency, outbound_proxy, path, user_agent, qualify_timeout, reg_server, authenticate_qualify, via_addr,
    via_port, call_id, endpoint, prune_on_boot, qualify_2xx_only
  on peerage.sip_contact
  for each row
  execute function peerage.sip_contact_refreshed();
