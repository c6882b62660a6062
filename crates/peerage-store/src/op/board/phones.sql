-- A page of the telephones of these sites, by number.
--
-- $1: the sites; null for all
-- $2: only those with this in number or name; null for any
-- $3: only those on which somebody is
-- $4: only those after this number
-- $5: at most so many
-- $6: only the one of this number; null for all
select
  phone.number as number,
  phone.full_name as name,
  site.name as site
from peerage.phone as phone
  join peerage.sip_account as account on account.id = phone.account_id
  join peerage.site as site on site.id = account.site_id
where phone.number > $4
  and ($6 is null or phone.number = $6)
  and ($1 is null or site.name = any ($1))
  and (
    $2 is null
    or phone.number ilike $2
    or phone.full_name ilike $2
  )
  and (
    not $3
    or exists (
      select
      from peerage.agent_session as session
      where session.ended_at is null
        and session.interface in ('PJSIP/' || phone.number, 'SIP/' || phone.number)
    )
  )
order by phone.number
limit $5
