-- Telephones as a hot-desk login sees them: registered or not, free or taken by whom. $1 is a site's name, or empty for
-- all; $2 is one telephone's number, or empty for all.
select json_build_object(
  'number', phone.number,
  'name', phone.full_name,
  'site', site.name,
  'disabled', account.disabled,
  'fixed', account.host <> 'dynamic',
  'registered_since', seen.registered_since,
  'last_seen', seen.last_seen,
  'used_by', (
    select json_build_object(
      'agent', agent.number,
      'name', agent.full_name,
      'interface', session.interface,
      'since', place.began_at
    )
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.agent_place as place on place.session_id = session.id and place.ended_at is null
    where session.ended_at is null
      and session.interface in ('PJSIP/' || phone.number, 'SIP/' || phone.number)
    -- There can be two after the site has changed its driver.
    order by place.began_at
    limit 1
  )
)::text as document
from peerage.phone as phone
  join peerage.sip_account as account on account.id = phone.account_id
  join peerage.site as site on site.id = account.site_id
  left join lateral (
    select
      min(one.registered_at) filter (where one.expires_at > clock_timestamp()) as registered_since,
      max(one.expires_at) as last_seen
    from peerage.device_registration as one
    where one.account_id = account.id
  ) as seen on true
where ($1 = '' or site.name = $1)
  and ($2 = '' or phone.number = $2)
order by phone.number
