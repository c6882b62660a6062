create function peerage.serve_new(added text[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $$
begin
  insert into peerage.pjsip_endpoint (
    number,
    transport,
    aors,
    context,
    allow,
    identify_by,
    force_rport,
    rewrite_contact,
    rtp_symmetric,
    webrtc,
    media_encryption,
    callerid,
    call_group,
    pickup_group,
    named_call_group,
    named_pickup_group,
    set_var,
    deny,
    permit,
    site_id
  )
  select
    mapping.number,
    mapping.transport,
    mapping.aors,
    mapping.context,
    mapping.allow,
    mapping.identify_by,
    mapping.force_rport,
    mapping.rewrite_contact,
    mapping.rtp_symmetric,
    mapping.webrtc,
    mapping.media_encryption,
    mapping.callerid,
    mapping.call_group,
    mapping.pickup_group,
    mapping.named_call_group,
    mapping.named_pickup_group,
    mapping.set_var,
    mapping.deny,
    mapping.permit,
    mapping.site_id
  from peerage.pjsip_endpoint_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_auth (
    number,
    md5_cred,
    realm,
    password_digest,
    supported_algorithms_uas,
    site_id
  )
  select
    mapping.number,
    mapping.md5_cred,
    mapping.realm,
    mapping.password_digest,
    mapping.supported_algorithms_uas,
    mapping.site_id
  from peerage.pjsip_auth_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_aor (
    number,
    max_contacts,
    remove_existing,
    qualify_frequency,
    contact,
    site_id
  )
  select
    mapping.number,
    mapping.max_contacts,
    mapping.remove_existing,
    mapping.qualify_frequency,
    mapping.contact,
    mapping.site_id
  from peerage.pjsip_aor_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.pjsip_identify (
    number,
    match,
    site_id
  )
  select
    mapping.number,
    mapping.match,
    mapping.site_id
  from peerage.pjsip_identify_mapping as mapping
  where mapping.number = any (added);

  insert into peerage.sip_peer as known (
    number,
    host,
    type,
    md5secret,
    context,
    transport,
    nat,
    insecure,
    deny,
    permit,
    allow,
    videosupport,
    encryption,
    callerid,
    callgroup,
    pickupgroup,
    namedcallgroup,
    namedpickupgroup,
    setvar,
    qualify,
    qualifyfreq,
    websocket,
    dtlsverify,
    dtlssetup,
    dtlsautogeneratecert,
    defaultuser,
    site_id
  )
  select
    mapping.number,
    mapping.host,
    mapping.type,
    mapping.md5secret,
    mapping.context,
    mapping.transport,
    mapping.nat,
    mapping.insecure,
    mapping.deny,
    mapping.permit,
    mapping.allow,
    mapping.videosupport,
    mapping.encryption,
    mapping.callerid,
    mapping.callgroup,
    mapping.pickupgroup,
    mapping.namedcallgroup,
    mapping.namedpickupgroup,
    mapping.setvar,
    mapping.qualify,
    mapping.qualifyfreq,
    mapping.websocket,
    mapping.dtlsverify,
    mapping.dtlssetup,
    mapping.dtlsautogeneratecert,
    mapping.defaultuser,
    mapping.site_id
  from peerage.sip_peer_mapping as mapping
  where mapping.number = any (added)
  on conflict (number) do update
  set
    host = excluded.host,
    type = excluded.type,
    md5secret = excluded.md5secret,
    context = excluded.context,
    transport = excluded.transport,
    nat = excluded.nat,
    insecure = excluded.insecure,
    deny = excluded.deny,
    permit = excluded.permit,
    allow = excluded.allow,
    videosupport = excluded.videosupport,
    encryption = excluded.encryption,
    callerid = excluded.callerid,
    callgroup = excluded.callgroup,
    pickupgroup = excluded.pickupgroup,
    namedcallgroup = excluded.namedcallgroup,
    namedpickupgroup = excluded.namedpickupgroup,
    setvar = excluded.setvar,
    qualify = excluded.qualify,
    qualifyfreq = excluded.qualifyfreq,
    websocket = excluded.websocket,
    site_id = excluded.site_id,
    dtlsverify = excluded.dtlsverify,
    dtlssetup = excluded.dtlssetup,
    dtlsautogeneratecert = excluded.dtlsautogeneratecert,
    defaultuser = case
      when known.fullcontact is null then excluded.defaultuser
      else known.defaultuser
    end,
    registered_transport = peerage.registered_transport(known.fullcontact, excluded.transport);
end
$$;

comment on function peerage.serve_new(text[]) is 'Tells Asterisk of these numbers, of which it has been told nothing yet, a registered chan_sip peer excepted; those that are no accounts, or have no secret, are passed over.';
