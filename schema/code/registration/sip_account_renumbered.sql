create function peerage.sip_account_renumbered()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  delete from peerage.sip_contact
  where id >= old.number || '^3B@'
    and id < old.number || '^3BA';
  return null;
end
$$;

comment on function peerage.sip_account_renumbered() is 'Drops what was registered under the old number: nobody is reachable there any more.';

create trigger sip_account_renumbered
  after update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_account_renumbered();
