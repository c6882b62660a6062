-- Tells whoever listens what has changed: the service, which makes caching Asterisks forget it and pages show it.
--
-- A notification says what to look at again, never how it is now. Registrations tell nothing: they are most of all writes,
-- and change nothing that Asterisk is told. Each statement tells once, but for changed memberships, which tell one by one; what is
-- told twice in a transaction, or in more than 200 numbers, arrives as one.
create function peerage.tell(channel text, numbers text[])
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
declare
  setting constant text := 'peerage.told_' || channel;
  told text := current_setting(setting, true);
  payload text := coalesce(array_to_string(numbers, ' '), '');
begin
  -- Nothing to tell, or all is told already.
  if payload = '' or told = '*' then
    return;
  end if;
  -- Counted through the transaction: a loop over all agents tells of them one by one.
  if cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer > 200 or octet_length(payload) > 7000 then
    payload := '*';
    perform set_config(setting, '*', true);
  else
    perform set_config(setting, (cardinality(numbers) + coalesce(nullif(told, ''), '0')::integer)::text, true);
  end if;
  perform pg_notify(channel, payload);
end
$$;

comment on function peerage.tell(text, text[]) is 'Notifies a channel of numbers. The payload is the numbers with blanks between, or `*` for more than 200 in one transaction.';
