create function peerage.forget_sign_ins(most bigint)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  delete from peerage.sign_in_attempt as attempt
  where attempt.failed_at < clock_timestamp() - peerage.sign_in_memory(attempt.lane)
    and (attempt.blocked_until is null or attempt.blocked_until < clock_timestamp());

  -- Whoever fills the table with names that nobody has drives those out first, and not a user who is being guessed.
  delete from peerage.sign_in_attempt as attempt
  where attempt.id in (
    select surplus.id
    from peerage.sign_in_attempt as surplus
    order by surplus.failures desc, surplus.failed_at desc
    offset most
  );

  delete from peerage.sign_in_device as known
  where known.seen_at < clock_timestamp() - interval '180 days';

  delete from peerage.sign_in_network as known
  where known.seen_at < clock_timestamp() - interval '90 days';
$$;

comment on function peerage.forget_sign_ins(bigint) is 'Removes failures that are old, the least telling ones above this number of rows, and browsers and networks that were not used for long.';
