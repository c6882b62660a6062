-- $1 browsers' sessions, $2 seconds without a request after which one holds no more
select
  asked.id,
  case
    when session.id is null then 'expired'
    when session.end_cause is not null then session.end_cause
    when login.disabled or (login.role = 'agent' and agent.removed_at is not null) then 'disabled'
    else 'expired'
  end as end_cause
from unnest($1) as asked (id)
  left join peerage.console_session as session on session.id = asked.id
  left join peerage.login_account as login on login.id = session.login_id
  left join peerage.agent as agent on agent.id = login.agent_id
where session.id is null
  or session.end_cause is not null
  or login.disabled
  or (login.role = 'agent' and agent.removed_at is not null)
  or session.seen_at < clock_timestamp() - make_interval(secs => $2)
