create function peerage.sign_in_delay(lane text, failures integer)
  returns interval
  language sql
  immutable
  parallel safe
  return (
    select
      case
        when failures >= free then make_interval(secs => least(60 * 2.0 ^ least(failures - free, 6), 3600))
      end
    from (select case lane when 'address' then 50 else 5 end) as allowance (free)
  );

comment on function peerage.sign_in_delay(text, integer) is 'How long a lane waits after so many failures: five are free, fifty for an address; then a minute, doubled each time, up to an hour. Null for not at all.';
