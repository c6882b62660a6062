-- object:   phone_use
-- for:      who was on which telephone at any instant
-- grain:    one row for each stay of an agent on a telephone

create view report.phone_use as
select
  place.phone_number as phone,
  session.agent_number as agent,
  agent.full_name as full_name,
  place.began_at as began_at,
  place.ended_at as ended_at,
  tstzrange(place.began_at, place.ended_at) as during,
  place.actor as brought_by,
  session.id as session
from peerage.agent_place as place
  join peerage.agent_session as session on session.id = place.session_id
  join peerage.agent as agent on agent.id = session.agent_id
where place.phone_number is not null;

comment on view report.phone_use is 'Stays on hot-desk telephones. `where phone = ''2001'' and during @> timestamptz ''...''` tells who was there.';
comment on column report.phone_use.phone is 'Number of the telephone.';
comment on column report.phone_use.agent is 'Number of the agent then.';
comment on column report.phone_use.full_name is 'Name of the agent.';
comment on column report.phone_use.began_at is 'From when.';
comment on column report.phone_use.ended_at is 'Until when; null while there.';
comment on column report.phone_use.during is 'The same as a range.';
comment on column report.phone_use.brought_by is 'Who logged or moved the agent there.';
comment on column report.phone_use.session is 'The session.';
