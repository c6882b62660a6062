-- By the account and not by the secret's own number, because the two may differ until the transaction ends.
create function peerage.serve_secrets()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    execute '
      select array(
        select (select account.number from peerage.sip_account as account where account.id = changed.id)
        from new_rows as changed
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from old_rows as changed
    ));
  else
    perform peerage.serve(array(
      select (select account.number from peerage.sip_account as account where account.id = changed.id)
      from (
        select old_row.id
        from old_rows as old_row
        union
        select new_row.id
        from new_rows as new_row
      ) as changed
    ));
  end if;
  return null;
end
$$;

comment on function peerage.serve_secrets() is 'Serves the accounts whose secrets a statement changed.';

create trigger sip_secret_served_insert
  after insert on peerage.sip_secret
  referencing new table as new_rows
  for each statement
  execute function peerage.serve_secrets();

create trigger sip_secret_served_update
  after update on peerage.sip_secret
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.serve_secrets();

create trigger sip_secret_served_delete
  after delete on peerage.sip_secret
  referencing old table as old_rows
  for each statement
  execute function peerage.serve_secrets();
