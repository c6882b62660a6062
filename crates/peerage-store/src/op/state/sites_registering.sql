-- The sites of which at least one telephone in service is registered.
select site.name as name
from peerage.site as site
where exists (
  select
  from peerage.sip_account as account
  where account.site_id = site.id
    and account.kind = 'phone'
    and not account.disabled
    and (
      account.host <> 'dynamic'
      or exists (
        select
        from peerage.sip_contact as contact
        where contact.account_id = account.id
          and contact.expires_at > clock_timestamp()
      )
      or exists (
        select
        from peerage.sip_peer as registration
        where registration.number = account.number
          and registration.expires_at > clock_timestamp()
      )
    )
)
