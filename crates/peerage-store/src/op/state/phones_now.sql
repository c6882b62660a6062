-- What lists say of telephones: who is there, registered or not, since when. $1 is their numbers.
select
  phone.number as number,
  phone.full_name as name,
  site.name as site,
  account.disabled as disabled,
  account.host <> 'dynamic' as fixed,
  seen.registered_since as registered_since,
  seen.last_seen as last_seen,
  holder.number as holder_number,
  holder.name as holder_name,
  holder.interface as holder_interface,
  holder.since as holder_since
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
  left join lateral (
    select
      agent.number,
      agent.full_name as name,
      session.interface,
      place.began_at as since
    from peerage.agent_session as session
      join peerage.agent as agent on agent.id = session.agent_id
      join peerage.agent_place as place on place.session_id = session.id and place.ended_at is null
    where session.ended_at is null
      and session.interface in ('PJSIP/' || phone.number, 'SIP/' || phone.number)
    -- There can be two after the site has changed its driver.
    order by place.began_at
    limit 1
  ) as holder on true
where account.number = any ($1)
