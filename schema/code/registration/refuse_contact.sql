create function peerage.refuse_contact(wrong text, written text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(
    'sip_contact',
    'sip_contact_' || wrong || '_check',
    case
      when wrong in ('aor', 'disabled') then 'id'
      else wrong
    end,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'aor' then 'there is no account of that number'
      when 'disabled' then 'the account is disabled'
      when 'id' then 'the number of an account, `^3B@` and the MD5 of the URI'
      when 'uri' then 'a SIP URI of at most 1000 bytes, its `;` coded'
      when 'endpoint' then 'the endpoint of the AOR, which has its name'
      when 'path' then 'at most 2000 bytes, no control characters'
      when 'outbound_proxy' then 'at most 255 bytes, no control characters'
      when 'via_port' then 'a port'
      when 'prune_on_boot' then 'yes or no, as are authenticate_qualify and qualify_2xx_only'
      else 'seconds'
    end
  );
end
$$;

comment on function peerage.refuse_contact(text, text) is 'Refuses a contact for what is wrong with it: a column, `aor` (no such account) or `disabled`; in words that show no more of it than fits a line.';
