create function peerage.serve_changed()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  numbers text[];
begin
  if tg_op = 'INSERT' then
    -- Without a secret there is nothing to serve, and most accounts get theirs later. Asked row by row, because a join
    -- would read all secrets for each batch of a long import; and planned each time, because a plan made while the tables
    -- were empty would be kept, and read them whole for each row.
    execute '
      select array(
        select changed.number
        from new_rows as changed
        where (select true from peerage.sip_secret as secret where secret.id = changed.id)
      )'
    into numbers;
    perform peerage.serve_new(numbers);
  elsif tg_op = 'DELETE' then
    perform peerage.serve(array(select changed.number from old_rows as changed));
  else
    perform peerage.serve(array(
      select changed.number
      from old_rows as changed
      union
      select changed.number
      from new_rows as changed
    ));
  end if;
  return null;
end
$$;

comment on function peerage.serve_changed() is 'Serves the accounts that a statement changed.';

create trigger sip_account_served_insert
  after insert on peerage.sip_account
  referencing new table as new_rows
  for each statement
  execute function peerage.serve_changed();

create trigger sip_account_served_update
  after update on peerage.sip_account
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function peerage.serve_changed();

create trigger sip_account_served_delete
  after delete on peerage.sip_account
  referencing old table as old_rows
  for each statement
  execute function peerage.serve_changed();
