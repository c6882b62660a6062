-- object:   ps_aors
-- module:   res_pjsip, sorcery type aor (res_pjsip/location.c)
-- read:     by id for each REGISTER and each call; whole at start and reload
-- write:    never
-- asterisk: 16 to 23
-- site:     aor.site_id

create view asterisk.ps_aors as
select
  aor.number as id,
  aor.max_contacts as max_contacts,
  aor.remove_existing as remove_existing,
  -- Of several contacts the one that does not answer goes first, and not the oldest.
  aor.remove_existing as remove_unavailable,
  aor.qualify_frequency as qualify_frequency,
  aor.contact as contact
from peerage.pjsip_aor as aor;

comment on view asterisk.ps_aors is 'PJSIP addresses of record: one for each account that can be called, has a secret and is not disabled.';
comment on column asterisk.ps_aors.id is 'Number of the account; the user part of the To header of a REGISTER.';
comment on column asterisk.ps_aors.max_contacts is 'Most contacts at once; 0 forbids registration.';
comment on column asterisk.ps_aors.remove_existing is 'yes: a new contact displaces the oldest.';
comment on column asterisk.ps_aors.remove_unavailable is 'yes: of the contacts that are too many, those that do not answer go first. Read from 16.22 and 18.8 on.';
comment on column asterisk.ps_aors.qualify_frequency is 'Seconds between OPTIONS requests; 0 is off.';
comment on column asterisk.ps_aors.contact is 'URI of a fixed host, with `;` coded; null when it registers.';
