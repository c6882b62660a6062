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
        from peerage.device_registration as one
        where one.account_id = account.id
          and one.expires_at > clock_timestamp()
      )
    )
)
