create function peerage.refuse_number(of_site bigint, constraint_name text, field text, number text)
  returns boolean
  language plpgsql
  volatile
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  home record;
begin
  select
    site.name,
    site.outside_numbers as patterns,
    country.name as country
  into home
  from peerage.site as site
    left join peerage.country as country on country.code = site.country
  where site.id = of_site;
  return peerage.refuse(
    'agent',
    constraint_name,
    field,
    number,
    case
      when home.patterns is not null then format('site %s allows numbers of accounts, and outside numbers like %s', home.name, array_to_string(home.patterns, ', '))
      when home.country is not null then format('site %s allows numbers of accounts, and fixed-line and mobile numbers of %s', home.name, home.country)
      else format('site %s allows no outside numbers; set its country or its outside numbers', home.name)
    end
  );
end
$$;

comment on function peerage.refuse_number(bigint, text, text, text) is 'Refuses a phone or mobile, and says what the site allows.';
