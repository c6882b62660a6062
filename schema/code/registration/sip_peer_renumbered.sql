create function peerage.sip_peer_renumbered()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_peer
  where number in (old.number, new.number);
  return null;
end
$$;

comment on function peerage.sip_peer_renumbered() is 'Drops what was registered under the old number; the account is served anew after it.';

create trigger sip_peer_renumbered
  after update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_peer_renumbered();
