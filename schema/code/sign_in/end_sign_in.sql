create function peerage.end_sign_in(of_login bigint, in_lane text, of_user text, from_network text, on_device text, is_right boolean)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  blocked timestamptz;
begin
  if is_right then
    delete from peerage.sign_in_attempt as attempt
    where attempt.lane = in_lane
      and attempt.user_digest = of_user
      and attempt.network = case in_lane when 'network' then from_network else '' end
      and attempt.device_digest = case in_lane when 'device' then on_device else '' end;
    update peerage.login_account as login
    set
      failed_sign_ins = 0,
      locked_until = null
    where login.id = of_login
      and (login.failed_sign_ins > 0 or login.locked_until is not null);
    return;
  end if;
  if in_lane <> 'own' and from_network <> '' then
    perform peerage.count_sign_in('address', '', from_network, '');
  end if;
  select attempt.blocked_until
  into blocked
  from peerage.sign_in_attempt as attempt
  where attempt.lane = in_lane
    and attempt.user_digest = of_user
    and attempt.network = case in_lane when 'network' then from_network else '' end
    and attempt.device_digest = case in_lane when 'device' then on_device else '' end;
  update peerage.login_account as login
  set
    failed_sign_ins = login.failed_sign_ins + 1,
    locked_until = case
      when blocked > clock_timestamp() then blocked
    end
  where login.id = of_login;
end
$$;

comment on function peerage.end_sign_in(bigint, text, text, text, text, boolean) is 'Notes what became of an attempt that was counted: a success gives its allowance back, a failure shows with the user and in the audit.';
