create function peerage.refuse_null()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'not_null_violation',
    message = format('a required column of %s is null', tg_table_name),
    schema = tg_table_schema,
    table = tg_table_name;
end
$$;

comment on function peerage.refuse_null() is 'Refuses nulls in words that show no value: PostgreSQL''s own message prints the row, and some rows hold digests. Called by triggers whose condition has found a null.';

create trigger sip_secret_nulls
  before insert or update on peerage.sip_secret
  for each row
  when (num_nulls(new.id, new.number, new.realm, new.md5, new.sha256, new.weak, new.changed_at) > 0)
  execute function peerage.refuse_null();

create trigger agent_nulls
  before insert or update on peerage.agent
  for each row
  when (
    num_nulls(
      new.account_kind,
      new.number,
      new.full_name,
      new.hot_desk,
      new.login_in_pause,
      new.client_log_level,
      new.may_choose_interface,
      new.may_take_any_phone,
      new.may_move,
      new.may_pause_one_queue,
      new.may_log_out,
      new.may_request_after_call,
      new.may_see_own_history,
      new.may_edit_own_numbers,
      new.created_at
    ) > 0
  )
  execute function peerage.refuse_null();

create trigger login_account_nulls
  before insert or update on peerage.login_account
  for each row
  when (num_nulls(new.username, new.role, new.disabled, new.failed_sign_ins, new.created_at) > 0)
  execute function peerage.refuse_null();
