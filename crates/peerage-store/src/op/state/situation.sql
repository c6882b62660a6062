-- All that a decision about one agent depends on, as one document; $1 is the agent's number.
select
  agent.id as agent_id,
  json_build_object(
    'number', agent.number,
    'name', agent.full_name,
    'site', site.name,
    'driver', site.driver,
    'conflict_policy', site.conflict_policy,
    'disabled', account.disabled,
    'hot_desk', agent.hot_desk,
    'login_in_pause', agent.login_in_pause,
    'permissions', json_build_object(
      'choose_interface', agent.may_choose_interface,
      'take_any_phone', agent.may_take_any_phone,
      'move', agent.may_move,
      'pause_one_queue', agent.may_pause_one_queue,
      'log_out', agent.may_log_out,
      'request_after_call', agent.may_request_after_call,
      'see_own_history', agent.may_see_own_history,
      'edit_own_numbers', agent.may_edit_own_numbers
    ),
    'phone', agent.phone,
    'phone_allowed', coalesce(peerage.outside_number_allowed(site.id, agent.phone), false),
    'phone_account', (
      select json_build_object('number', named.number, 'driver', home.driver, 'disabled', named.disabled)
      from peerage.sip_account as named
        join peerage.site as home on home.id = named.site_id
      where named.number = agent.phone
    ),
    'mobile', agent.mobile,
    'mobile_allowed', coalesce(peerage.outside_number_allowed(site.id, agent.mobile), false),
    'session', (
      select json_build_object(
        'kind', session.interface_kind,
        'interface', session.interface,
        'telephone', session.phone_number,
        'since', session.began_at,
        'queues', coalesce(
          (
            select json_agg(login.queue_name)
            from peerage.queue_login as login
            where login.session_id = session.id
          ),
          '[]'
        ),
        'pauses', coalesce(
          (
            -- A queue goes by the name it has now, which its members have too.
            select json_agg(json_build_object(
              'queue', coalesce(queue.name, pause.queue_name),
              'reason', pause.reason,
              'by', pause.actor,
              'forced', pause.forced,
              'since', pause.paused_since
            ))
            from peerage.agent_pause as pause
              left join peerage.queue as queue on queue.id = pause.queue_id
            where pause.session_id = session.id
              and pause.ended_at is null
          ),
          '[]'
        ),
        'leaving', (
          select json_build_object('by', request.requested_by, 'cause', request.cause, 'reason', request.reason)
          from peerage.agent_request as request
          where request.session_id = session.id
            and request.ended_at is null
        )
      )
      from peerage.agent_session as session
      where session.agent_id = agent.id
        and session.ended_at is null
    ),
    'holders', coalesce(
      (
        select json_agg(json_build_object(
          'agent', other.number,
          'name', other.full_name,
          'interface', session.interface,
          'since', place.began_at
        ))
        from peerage.agent_session as session
          join peerage.agent as other on other.id = session.agent_id
          join peerage.agent_place as place on place.session_id = session.id and place.ended_at is null
        where session.ended_at is null
          and other.id <> agent.id
          and session.interface = any (array[
            'PJSIP/' || agent.number,
            'SIP/' || agent.number,
            'PJSIP/' || agent.phone,
            'SIP/' || agent.phone,
            'Local/' || agent.phone || '@peerage-outbound/n',
            'Local/' || agent.mobile || '@peerage-outbound/n'
          ])
      ),
      '[]'
    ),
    'reasons', coalesce(
      (
        select json_agg(
          json_build_object('code', reason.code, 'selectable', reason.selectable, 'is_default', reason.is_default)
          order by reason.code
        )
        from peerage.pause_reason as reason
      ),
      '[]'
    )
  )::text as document
from peerage.agent as agent
  join peerage.sip_account as account on account.id = agent.account_id
  join peerage.site as site on site.id = account.site_id
where agent.number = $1
  and agent.removed_at is null
