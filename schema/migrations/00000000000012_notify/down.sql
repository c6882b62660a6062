do $$
declare
  relation text;
  operation text;
begin
  foreach relation in array array['pjsip_endpoint', 'agent', 'agent_channel', 'agent_session', 'queue_login', 'agent_pause', 'agent_request']
  loop
    foreach operation in array array['insert', 'update', 'delete']
    loop
      execute format('drop trigger %s_told_%s on peerage.%1$s', relation, operation);
    end loop;
  end loop;

  foreach relation in array array['site', 'node', 'phone', 'queue', 'queue_assignment', 'queue_rule', 'pause_reason', 'login_account', 'supervisor_queue', 'api_token']
  loop
    execute format('drop trigger %s_told on peerage.%1$s', relation);
  end loop;
end
$$;

drop function peerage.end_sip_registration(text, text, timestamptz);
drop function peerage.tell_numbers();
drop function peerage.tell_sessions();
drop function peerage.tell(text, text[]);
drop function peerage.tell_table();
