-- The columns that the document names get its values. $1 is the queue's name, $2 the document, $3 the options to set, or to
-- take away where null.
update peerage.queue as queue
set
  name = wanted.name,
  description = wanted.description,
  strategy = wanted.strategy,
  timeout_seconds = wanted.timeout_seconds,
  retry_seconds = wanted.retry_seconds,
  wrapup_seconds = wanted.wrapup_seconds,
  max_length = wanted.max_length,
  weight = wanted.weight,
  service_level_seconds = wanted.service_level_seconds,
  ring_in_use = wanted.ring_in_use,
  autopause = wanted.autopause,
  join_empty = wanted.join_empty,
  leave_when_empty = wanted.leave_when_empty,
  music_class = wanted.music_class,
  options = wanted.options
from peerage.queue as before
  cross join lateral jsonb_populate_record(
    before,
    $2::jsonb || jsonb_build_object('options', jsonb_strip_nulls(before.options || $3::jsonb))
  ) as wanted
where queue.name = $1
  and before.id = queue.id
  and to_jsonb(wanted) <> to_jsonb(before)
