-- What is half there: what Asterisk is told, or people see, of something that is gone or was never whole. One row for each
-- kind of fault that is found.
select fault
from (
  select
    'an account of nobody' as fault,
    exists (
      select
      from peerage.sip_account as account
      where (select count(*) from peerage.agent as agent where agent.account_id = account.id)
        + (select count(*) from peerage.phone as phone where phone.account_id = account.id) <> 1
    ) as found
  union all
  select
    'an agent in service without an account, or out of service with one',
    exists (select from peerage.agent as agent where (agent.account_id is null) <> (agent.removed_at is not null))
  union all
  select
    'a number that is not the account''s',
    exists (
      select
      from peerage.sip_account as account
        left join peerage.agent as agent on agent.account_id = account.id
        left join peerage.phone as phone on phone.account_id = account.id
        left join peerage.sip_secret as secret on secret.id = account.id
      where account.number <> coalesce(agent.number, phone.number)
        or account.number <> secret.number
    )
  union all
  select
    'something served that is no account with a secret',
    exists (
      select
      from (
        select served.number from peerage.pjsip_endpoint as served
        union
        select served.number from peerage.pjsip_auth as served
        union
        select served.number from peerage.pjsip_aor as served
        union
        select served.number from peerage.pjsip_identify as served
        union
        select served.number from peerage.sip_peer as served
      ) as served
      where not exists (
        select
        from peerage.sip_account as account
          join peerage.sip_secret as secret on secret.id = account.id
        where account.number = served.number
          and not account.disabled
      )
    )
  union all
  select
    'an account with a secret that is not served',
    exists (
      select
      from peerage.sip_account as account
        join peerage.sip_secret as secret on secret.id = account.id
      where not account.disabled
        and not (
          exists (select from peerage.pjsip_endpoint as served where served.number = account.number)
          and exists (select from peerage.pjsip_auth as served where served.number = account.number)
          and exists (select from peerage.sip_peer as served where served.number = account.number)
        )
    )
  union all
  select
    'a contact of no account',
    exists (
      select
      from peerage.sip_contact as contact
      where not exists (
        select
        from peerage.sip_account as account
        where account.id = contact.account_id
          and account.number = contact.aor
      )
    )
  union all
  select
    'somebody who signs in as an agent out of service',
    exists (
      select
      from peerage.login_account as login
        left join peerage.agent as agent on agent.id = login.agent_id
      where login.role = 'agent'
        and not login.disabled
        and (agent.id is null or agent.removed_at is not null)
    )
  union all
  select
    'an agent at work who is out of service, or whose account is disabled',
    exists (
      select
      from peerage.agent_session as session
        join peerage.agent as agent on agent.id = session.agent_id
        left join peerage.sip_account as account on account.id = agent.account_id
      where session.ended_at is null
        and (account.id is null or account.disabled)
    )
  union all
  select
    'a member of a queue whose session has ended, whose interface it is not, or of another name than the queue',
    exists (
      select
      from peerage.queue_login as member
        left join peerage.agent_session as session on session.id = member.session_id and session.ended_at is null
        left join peerage.queue as queue on queue.id = member.queue_id
      where member.uniqueid <> 'peerage-probe'
        and (session.interface is distinct from member.interface or queue.name is distinct from member.queue_name)
    )
  union all
  select
    'a member whose pause is not the session''s',
    exists (
      select
      from peerage.queue_login as member
      where (member.paused = '1') <> exists (
        select
        from peerage.agent_pause as pause
        where pause.session_id = member.session_id
          and pause.ended_at is null
          and (pause.queue_id is null or pause.queue_id = member.queue_id)
      )
    )
  union all
  select
    'a session that lacks its place or its state, or keeps them after its end',
    exists (
      select
      from peerage.agent_session as session
      where (session.ended_at is null) <> exists (select from peerage.agent_place as place where place.session_id = session.id and place.ended_at is null)
        or (session.ended_at is null) <> exists (select from peerage.agent_state as state where state.session_id = session.id and state.ended_at is null)
    )
) as fault (fault, found)
where found
