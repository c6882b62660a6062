create function peerage.serve_all()
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    union
    select served.number
    from peerage.pjsip_endpoint as served
    union
    select served.number
    from peerage.pjsip_auth as served
    union
    select served.number
    from peerage.pjsip_aor as served
    union
    select served.number
    from peerage.pjsip_identify as served
    union
    select served.number
    from peerage.sip_peer as served
  ));
end
$$;

comment on function peerage.serve_all() is 'Serves every account anew: for a migration that changed a mapping.';
