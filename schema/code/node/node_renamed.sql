create function peerage.node_renamed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_contact
  set node = new.name
  where node = old.name;
  update peerage.sip_peer
  set node = new.name
  where node = old.name;
  return null;
end
$$;

comment on function peerage.node_renamed() is 'What a node has registered is its own under its new name too. What it did in the past stays under the old one.';

create trigger node_renamed
  after update of name on peerage.node
  for each row
  when (old.name <> new.name)
  execute function peerage.node_renamed();
