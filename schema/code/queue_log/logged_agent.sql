create function peerage.logged_agent(member text, call text, at timestamptz, out agent_id bigint, out agent_number text)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- A call stays with the agent who took it, whoever has that name when it ends.
  if call ~ '^[0-9A-Za-z_-]*[0-9]+[.][0-9]+$' then
    select
      log.agent_id,
      log.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.queue_log as log
    where log.callid = call
      and log.agent = member
      and log.agent_id is not null
    order by log.id desc
    limit 1;
  end if;
  -- No two at work at once have one name, so who began last before that moment is meant. A clock may be a little behind.
  for skew in 0..1 loop
    exit when logged_agent.agent_id is not null;
    select
      session.agent_id,
      session.agent_number
    into
      logged_agent.agent_id,
      logged_agent.agent_number
    from peerage.agent_session as session
    where session.member_name = member
      and session.began_at <= at + skew * interval '5 minutes'
      -- Somebody else may have the name later. What a call leaves behind comes within the hour.
      and coalesce(session.ended_at, at) >= at - interval '1 hour'
    order by session.began_at desc
    limit 1;
  end loop;
end
$$;

comment on function peerage.logged_agent(text, text, timestamptz) is 'Whose line a member''s name is at a moment; nulls when nobody''s. A line of a call is whose the call was.';
