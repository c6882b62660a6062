-- For how many seconds pages could not be seen: since the last beat of all, or since that of another service that has not ended in
-- good order. Null for less than $2 seconds. $1 is the service that asks.
select max(gap.seconds) as seconds
from (
  select extract(epoch from clock_timestamp() - max(beat.beat_at))::double precision as seconds
  from peerage.service_beat as beat
  union all
  select extract(epoch from clock_timestamp() - beat.beat_at)::double precision as seconds
  from peerage.service_beat as beat
  where beat.service <> $1
    and beat.ended_at is null
) as gap
where gap.seconds > $2
