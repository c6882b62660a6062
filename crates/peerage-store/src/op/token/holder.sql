-- $1 digest of the token
select
  token.id,
  login.username,
  -- A user who has come down takes the token along.
  case
    when login.role = 'agent' then 'agent'
    when login.role = 'supervisor' and token.role = 'admin' then 'supervisor'
    else token.role
  end as role,
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
    when login.disabled or (token.role = 'agent' and agent.removed_at is not null) then 'disabled'
    when token.expires_at <= clock_timestamp() then 'expired'
  end as end_cause,
  token.used_at is null or token.used_at < clock_timestamp() - interval '1 minute' as stale
from peerage.api_token as token
  left join peerage.login_account as login on login.id = token.login_id
  left join peerage.agent as agent on agent.id = login.agent_id
where token.token_digest = $1
