create function peerage.agent_outside_numbers()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  home bigint := (select account.site_id from peerage.sip_account as account where account.id = new.account_id);
begin
  -- A number that was there before a site's rule is not refused when something else of the agent changes.
  if (tg_op = 'INSERT' or new.phone is distinct from old.phone) and not peerage.number_allowed(home, new.phone) then
    perform peerage.refuse_number(home, 'agent_phone_allowed_check', 'phone', new.phone);
  end if;
  if (tg_op = 'INSERT' or new.mobile is distinct from old.mobile) and not peerage.number_allowed(home, new.mobile) then
    perform peerage.refuse_number(home, 'agent_mobile_allowed_check', 'mobile', new.mobile);
  end if;
  return null;
end
$$;

comment on function peerage.agent_outside_numbers() is 'Refuses a phone or mobile that the agent''s site does not allow, whoever sets it.';

-- After the statement, so that agents who come together may have each other's numbers.
create constraint trigger agent_outside_numbers
  after insert or update of phone, mobile on peerage.agent
  for each row
  when (new.phone is not null or new.mobile is not null)
  execute function peerage.agent_outside_numbers();
