-- The columns that the document names get its values. $1 is the code, $2 the document.
update peerage.pause_reason as reason
set
  label = wanted.label,
  productive = wanted.productive,
  max_seconds = wanted.max_seconds,
  selectable = wanted.selectable,
  is_default = wanted.is_default
from peerage.pause_reason as before
  cross join lateral jsonb_populate_record(before, $2::jsonb) as wanted
where reason.code = $1
  and before.id = reason.id
  and to_jsonb(wanted) <> to_jsonb(before)
