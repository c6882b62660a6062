create function peerage.number_allowed(of_site bigint, number text)
  returns boolean
  language plpgsql
  stable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- With a letter, dot or hyphen it can only be the number of an account: the dialplan has no such outside number.
  return number !~ '^[+]?[0-9*#]+$'
    or peerage.outside_number_allowed(of_site, number)
    or exists (
      select
      from peerage.sip_account as account
      where account.number = number_allowed.number
    );
end
$$;

comment on function peerage.number_allowed(bigint, text) is 'Whether an agent of a site may have this number as phone or mobile: an account''s, or an outside number that is allowed.';
