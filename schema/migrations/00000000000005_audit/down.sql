do $$
declare
  relation text;
  operation text;
begin
  foreach relation in array array['site', 'node', 'sip_account', 'sip_secret', 'agent', 'agent_channel', 'phone', 'login_account']
  loop
    foreach operation in array array['insert', 'update', 'delete']
    loop
      execute format('drop trigger %s_audit_%s on peerage.%1$s', relation, operation);
    end loop;
  end loop;
end
$$;

drop function peerage.audit();
drop function peerage.audit_row(jsonb, text[]);
drop function peerage.audit_subject(jsonb);
drop table peerage.audit_entry;
