create function peerage.serve_site()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.serve(array(
    select account.number
    from peerage.sip_account as account
    where account.site_id = new.id
  ));
  return null;
end
$$;

comment on function peerage.serve_site() is 'Serves the accounts of a site that changed what its nodes are told.';

create trigger site_served
  after update of offer_sha256, rtcachefriends on peerage.site
  for each row
  when (old.offer_sha256 is distinct from new.offer_sha256 or old.rtcachefriends is distinct from new.rtcachefriends)
  execute function peerage.serve_site();
