create function peerage.begin_sign_in(given_name text, of_user text, from_network text, on_device text, is_own boolean, counts boolean)
  returns table (login_id bigint, password_hash text, lane text, wait_seconds double precision)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  lanes text[] := array['user'];
  chosen text;
  until timestamptz;
  in_network text;
  in_device text;
begin
  select
    login.id,
    login.password_hash
  into login_id, password_hash
  from peerage.login_account as login
  where login.username = given_name;

  if is_own then
    lanes := array['own'];
  else
    -- Whoever has the network's allowance has not everybody's beside it: a name that is known has no more guesses than one that is not.
    if exists (select from peerage.sign_in_network as known where known.login_id = begin_sign_in.login_id and known.network = from_network) then
      lanes := array['network'];
    end if;
    if exists (select from peerage.sign_in_device as known where known.login_id = begin_sign_in.login_id and known.device_digest = on_device) then
      lanes := array['device'] || lanes;
    end if;
  end if;

  foreach chosen in array lanes
  loop
    lane := chosen;
    in_network := case chosen when 'network' then from_network else '' end;
    in_device := case chosen when 'device' then on_device else '' end;
    select max(attempt.blocked_until)
    into until
    from peerage.sign_in_attempt as attempt
    where attempt.blocked_until > clock_timestamp()
      and (
        (attempt.lane = chosen and attempt.user_digest = of_user and attempt.network = in_network and attempt.device_digest = in_device)
        or (chosen = 'user' and attempt.lane = 'address' and attempt.user_digest = '' and attempt.network = from_network and attempt.device_digest = '')
      );
    if until is null and counts then
      -- Somebody may have been quicker.
      if peerage.count_sign_in(chosen, of_user, in_network, in_device) is null then
        until := clock_timestamp() + interval '1 second';
      end if;
    end if;
    wait_seconds := coalesce(extract(epoch from until - clock_timestamp()), 0)::double precision;
    exit when until is null;
  end loop;
  return next;
end
$$;

comment on function peerage.begin_sign_in(text, text, text, text, boolean, boolean) is 'The user of this name, none when there is none; the lane in which an attempt runs, and how long it must wait. Counts the attempt if asked to.';
