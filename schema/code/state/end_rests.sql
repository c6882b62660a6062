-- PostgreSQL runs nothing at a given time. A service that leads a node calls this every other second (peerage.lead). Without one, a PJSIP
-- node does with its search for expired contacts (peerage.node_says), and otherwise the next line of the queue log: Asterisk writes it before it
-- reads the members for a new caller.
create function peerage.end_rests()
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  over text[];
begin
  if not exists (
    select
    from peerage.queue_rest as rest
    where rest.until <= clock_timestamp()
  ) then
    return;
  end if;
  over := array(
    select member.uniqueid
    from peerage.queue_login as member
    where member.uniqueid in (
      select rest.uniqueid
      from peerage.queue_rest as rest
      where rest.until <= clock_timestamp()
    )
    -- Who changes a member at this moment has its row locked, and perhaps waits for us. Its rest ends with the next call of this.
    for no key update skip locked
  );
  update peerage.queue_login
  set rests_until = null
  where uniqueid = any (over);
  delete from peerage.queue_rest as rest
  where rest.uniqueid in (
    select due.uniqueid
    from peerage.queue_rest as due
    where due.until <= clock_timestamp()
      and (
        due.uniqueid = any (over)
        or not exists (
          select
          from peerage.queue_login as member
          where member.uniqueid = due.uniqueid
        )
      )
    for update skip locked
  );
end
$$;

comment on function peerage.end_rests() is 'Ends the rests after a call that are over: app_queue reads these members as they are from then on.';
