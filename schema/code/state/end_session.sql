create function peerage.end_session(wanted bigint, cause text, why text, by text, at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.agent_pause
  set
    ended_at = at,
    ended_by = by
  where session_id = wanted
    and ended_at is null;
  delete from peerage.queue_login
  where session_id = wanted;
  update peerage.agent_request
  set
    ended_at = at,
    outcome = 'done'
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_state
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_place
  set ended_at = at
  where session_id = wanted
    and ended_at is null;
  update peerage.agent_session
  set
    ended_at = at,
    ended_by = by,
    end_cause = cause,
    end_reason = why
  where id = wanted
    and ended_at is null;
end
$$;

comment on function peerage.end_session(bigint, text, text, text, timestamptz) is 'Ends a session: pauses first, then memberships, then the session. The agent must be locked.';
