create function peerage.sip_account_is_at_work()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  own bigint := (select id from peerage.agent where account_id = old.id);
  who text;
begin
  select session.agent_number
  into who
  from peerage.agent_session as session
  where session.ended_at is null
    and (
      session.agent_id = own
      or session.interface in ('PJSIP/' || old.number, 'SIP/' || old.number)
    )
  order by session.agent_number
  limit 1;
  if found then
    perform peerage.refuse(
      'sip_account',
      'sip_account_number_at_work_check',
      'number',
      new.number,
      format('agent %s is logged in, and would lose calls; log out first', who)
    );
  end if;
  return new;
end
$$;

comment on function peerage.sip_account_is_at_work() is 'Refuses another number to an agent at work, and to an account on which calls ring.';

create trigger sip_account_is_at_work
  before update of number on peerage.sip_account
  for each row
  when (old.number is distinct from new.number)
  execute function peerage.sip_account_is_at_work();
