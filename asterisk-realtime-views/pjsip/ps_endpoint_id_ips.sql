-- object:   ps_endpoint_id_ips
-- module:   res_pjsip_endpoint_identifier_ip, sorcery type identify
-- read:     whole, for each request outside a dialog; by endpoint for `pjsip show endpoint`
-- write:    never
-- asterisk: 16 to 23
-- site:     identify.site_id

create view asterisk.ps_endpoint_id_ips as
select
  identify.number as id,
  identify.number as endpoint,
  identify.match as match,
  'no'::text as srv_lookups
from peerage.pjsip_identify as identify;

comment on view asterisk.ps_endpoint_id_ips is 'Addresses by which PJSIP knows an endpoint: fixed hosts only, because it is read whole so often.';
comment on column asterisk.ps_endpoint_id_ips.id is 'Number of the account.';
comment on column asterisk.ps_endpoint_id_ips.endpoint is 'Number of the account.';
comment on column asterisk.ps_endpoint_id_ips.match is 'The address; never a name, which Asterisk would look up on each request.';
comment on column asterisk.ps_endpoint_id_ips.srv_lookups is 'Always no.';
