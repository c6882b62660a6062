create function peerage.note_sign_in(of_login bigint, from_network text, on_device text, new_device text)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  -- Whoever learnt the old cookie, or planted it, has nothing of it: for everybody who signs in there it is another from now on.
  update peerage.sign_in_device as known
  set device_digest = new_device
  where known.device_digest = on_device
    and on_device <> '';

  insert into peerage.sign_in_device as known (login_id, device_digest)
  values (of_login, new_device)
  on conflict on constraint sign_in_device_login_id_device_digest_key do update
  set seen_at = clock_timestamp();

  insert into peerage.sign_in_network as known (login_id, network)
  select
    of_login,
    from_network
  where from_network <> ''
  on conflict on constraint sign_in_network_login_id_network_key do update
  set seen_at = clock_timestamp();

  delete from peerage.sign_in_device as known
  where known.login_id = of_login
    and known.id not in (
      select newest.id
      from peerage.sign_in_device as newest
      where newest.login_id = of_login
      order by newest.seen_at desc
      limit 20
    );

  delete from peerage.sign_in_network as known
  where known.login_id = of_login
    and known.id not in (
      select newest.id
      from peerage.sign_in_network as newest
      where newest.login_id = of_login
      order by newest.seen_at desc
      limit 10
    );
$$;

comment on function peerage.note_sign_in(bigint, text, text, text) is 'Remembers network and browser of a sign-in, the last 10 and the last 20 of a user. The browser gets a new cookie each time.';
