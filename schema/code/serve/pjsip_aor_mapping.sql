create view peerage.pjsip_aor_mapping as
select
  account.number as number,
  case
    when account.host = 'dynamic' then account.max_contacts::text
    else '0'
  end as max_contacts,
  case
    when account.host = 'dynamic' then 'yes'
    else 'no'
  end as remove_existing,
  account.qualify_seconds::text as qualify_frequency,
  case
    when account.host <> 'dynamic'
      then 'sip:'
      || account.number
      || '@'
      || case
        when account.host like '%:%' then '[' || account.host || ']'
        else account.host
      end
      || '^3Btransport='
      || account.transports[least(
        array_position(account.transports, 'udp'),
        array_position(account.transports, 'tcp'),
        array_position(account.transports, 'tls')
      )]
  end as contact,
  account.site_id as site_id
from peerage.sip_account as account
  join peerage.sip_secret as secret on secret.id = account.id
where not account.disabled
  and account.type <> 'user';

comment on view peerage.pjsip_aor_mapping is 'The mapping behind peerage.pjsip_aor, computed from the accounts as they stand.';
comment on column peerage.pjsip_aor_mapping.number is 'Number of the account: the AORs id.';
comment on column peerage.pjsip_aor_mapping.max_contacts is 'Most contacts at once; 0 (no registration) for a fixed host.';
comment on column peerage.pjsip_aor_mapping.remove_existing is 'yes when it registers: else a phone that comes back from a new port is refused.';
comment on column peerage.pjsip_aor_mapping.qualify_frequency is 'Seconds between OPTIONS requests; 0 is off.';
comment on column peerage.pjsip_aor_mapping.contact is 'URI of a fixed host, with `;` coded (a raw one makes the AOR vanish); null when it registers. Asterisk cannot open a WebSocket, so the transport is the first of udp, tcp, tls.';
comment on column peerage.pjsip_aor_mapping.site_id is 'Site of the account.';
