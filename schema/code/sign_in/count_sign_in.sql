create function peerage.count_sign_in(in_lane text, of_user text, from_network text, on_device text)
  returns timestamptz
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  insert into peerage.sign_in_attempt as attempt (lane, user_digest, network, device_digest)
  values (in_lane, of_user, from_network, on_device)
  on conflict on constraint sign_in_attempt_lane_key do update
  set
    failures = case
      when attempt.failed_at < clock_timestamp() - peerage.sign_in_memory(attempt.lane) then 1
      else attempt.failures + 1
    end,
    blocked_until = case
      when attempt.failed_at >= clock_timestamp() - peerage.sign_in_memory(attempt.lane)
        then clock_timestamp() + peerage.sign_in_delay(attempt.lane, attempt.failures + 1)
    end,
    failed_at = clock_timestamp()
  where attempt.blocked_until is null
    or attempt.blocked_until <= clock_timestamp()
  returning attempt.failed_at
$$;

comment on function peerage.count_sign_in(text, text, text, text) is 'Counts an attempt in a lane before it is made, so that many at once are no more than many in a row. Null when the lane is blocked.';
