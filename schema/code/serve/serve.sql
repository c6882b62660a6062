create function peerage.serve(changed text[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $$
begin
  delete from peerage.pjsip_endpoint as served
  where served.number = any (changed);

  delete from peerage.pjsip_auth as served
  where served.number = any (changed);

  delete from peerage.pjsip_aor as served
  where served.number = any (changed);

  delete from peerage.pjsip_identify as served
  where served.number = any (changed);

  -- A peer that stays keeps its registration, unless its host is another one now.
  delete from peerage.sip_peer as served
  where served.number = any (changed)
    and not exists (
      select
      from peerage.sip_peer_mapping as mapping
      where mapping.number = served.number
        and mapping.host = served.host
    );

  perform peerage.serve_new(changed);
end
$$;

comment on function peerage.serve(text[]) is 'Makes what Asterisk is told of these numbers what the accounts say now; numbers that are no accounts are told of no more.';
