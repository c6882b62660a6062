with
  served as (
    select
      1 as place,
      'ps_endpoints' as view,
      row_to_json(endpoint) as document
    from asterisk.ps_endpoints as endpoint
    where endpoint.id = $1
    union all
    select
      2,
      'ps_auths',
      row_to_json(auth)
    from asterisk.ps_auths as auth
    where auth.id = $1
    union all
    select
      3,
      'ps_aors',
      row_to_json(aor)
    from asterisk.ps_aors as aor
    where aor.id = $1
    union all
    select
      4,
      'ps_endpoint_id_ips',
      row_to_json(identify)
    from asterisk.ps_endpoint_id_ips as identify
    where identify.id = $1
    union all
    select
      5,
      'sippeers',
      row_to_json(peer)
    from asterisk.sippeers as peer
    where peer.name = $1
  )
select
  served.view,
  cell.key as name,
  case
    when cell.value is null then null
    when cell.key in ('md5_cred', 'md5secret', 'password_digest') then 'set'
    else cell.value
  end as value
from served
  cross join lateral json_each_text(served.document) with ordinality as cell (key, value, position)
order by
  served.place,
  cell.position
