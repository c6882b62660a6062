create view peerage.refused_number as
select
  agent.id as agent_id,
  agent.number as agent_number,
  account.site_id,
  entry.field,
  entry.number
from peerage.agent as agent
  join peerage.sip_account as account on account.id = agent.account_id
  cross join lateral (
    values
      ('phone', agent.phone),
      ('mobile', agent.mobile)
  ) as entry (field, number)
where (agent.phone is not null or agent.mobile is not null)
  and not peerage.number_allowed(account.site_id, entry.number);

comment on view peerage.refused_number is 'Phones and mobiles that were there before their site''s rule, or came from another site, and are not allowed. Nobody can log in on them.';
comment on column peerage.refused_number.agent_id is 'The agent.';
comment on column peerage.refused_number.agent_number is 'The agent''s number.';
comment on column peerage.refused_number.site_id is 'The agent''s site.';
comment on column peerage.refused_number.field is 'phone or mobile.';
comment on column peerage.refused_number.number is 'What it holds.';
