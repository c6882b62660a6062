create function peerage.outside_number_allowed(of_site bigint, number text)
  returns boolean
  language plpgsql
  stable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  home record;
begin
  select
    site.outside_numbers as patterns,
    country.numbers
  into home
  from peerage.site as site
    left join peerage.country as country on country.code = site.country
  where site.id = of_site;
  if home.patterns is null then
    return coalesce(number ~ home.numbers, false);
  end if;
  return exists (
    select
    from unnest(home.patterns) as pattern
    where number ~ peerage.number_pattern(pattern)
  );
end
$$;

comment on function peerage.outside_number_allowed(bigint, text) is 'Whether calls of a site''s queues may go out to this number: it matches a pattern of the site or, if the site has none, is a fixed-line or mobile number of its country. Without either, no number is allowed.';
