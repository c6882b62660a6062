create function peerage.sip_peer_defaultuser()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.defaultuser := peerage.received(new.defaultuser);
  if octet_length(new.defaultuser) > 500 or new.defaultuser ~ '[\u0001-\u001f\u007f]' then
    perform peerage.refuse_peer('defaultuser', new.defaultuser);
  end if;
  return new;
end
$$;

comment on function peerage.sip_peer_defaultuser() is 'Bounds whom a call to a peer asks for.';

create trigger sip_peer_defaultuser
  before update of defaultuser on peerage.sip_peer
  for each row
  when (new.defaultuser !~ '^[!-~]{0,255}$')
  execute function peerage.sip_peer_defaultuser();
