create function peerage.queue_login_told()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.changed_at := new.began_at;
  end if;
  if tg_op = 'INSERT' or new.member_name <> old.member_name or new.told_name <> old.told_name then
    new.told_name := peerage.wire(peerage.to_bytes(new.member_name));
  end if;
  if new.rests_until is null then
    new.told_paused := new.paused;
    new.told_reason := case
      when octet_length(new.reason_paused) = char_length(new.reason_paused) then peerage.wire(new.reason_paused)
      else peerage.wire(peerage.to_bytes(new.reason_paused))
    end;
  else
    new.told_paused := '1';
    new.told_reason := case
      when new.paused = '0' then 'wrap-up'
      else peerage.wire(peerage.to_bytes(new.reason_paused))
    end;
  end if;
  return new;
end
$$;

comment on function peerage.queue_login_told() is 'Makes of a member what app_queue reads: name and reason as bytes and coded, and a pause while the agent still rests after a call. Runs last, by its name.';

create trigger queue_login_told
  before insert or update of member_name, paused, reason_paused, rests_until, uniqueid, told_name, told_paused, told_reason on peerage.queue_login
  for each row
  execute function peerage.queue_login_told();
