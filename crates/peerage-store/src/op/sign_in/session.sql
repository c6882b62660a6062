-- $1 digest of the cookie, $2 seconds without a request after which it holds no more
select
  session.id,
  login.username,
  login.role,
  case
    when agent.removed_at is null then agent.number
  end as agent,
  coalesce(agent.may_see_own_history, false) as sees_own_history,
  array(
    select queue.name
    from peerage.supervisor_queue as watched
      join peerage.queue as queue on queue.id = watched.queue_id
    where watched.login_id = login.id
    order by queue.name
  ) as queues,
  case
    when session.end_cause is not null then session.end_cause
    when login.disabled or (login.role = 'agent' and agent.removed_at is not null) then 'disabled'
    when session.seen_at < clock_timestamp() - make_interval(secs => $2) then 'expired'
  end as end_cause,
  session.seen_at < clock_timestamp() - interval '1 minute' as stale
from peerage.console_session as session
  join peerage.login_account as login on login.id = session.login_id
  left join peerage.agent as agent on agent.id = login.agent_id
where session.token_digest = $1
