create function peerage.refuse_new_id()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(tg_table_name, tg_table_name || '_id_check', 'id', new.id::text, 'an id stays as it is: other tables refer to it');
  return new;
end
$$;

comment on function peerage.refuse_new_id() is 'Refuses another id (`set id = default`) to a row that others refer to without a foreign key.';

create trigger sip_account_id
  before update of id on peerage.sip_account
  for each row
  when (old.id is distinct from new.id)
  execute function peerage.refuse_new_id();
