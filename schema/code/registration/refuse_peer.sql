create function peerage.refuse_peer(wrong text, written text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform peerage.refuse(
    'sip_peer',
    'sip_peer_' || wrong || '_check',
    wrong,
    case
      when octet_length(written) > 120 then left(written, 120) || '...'
      else written
    end,
    case wrong
      when 'fullcontact' then 'at most 1000 bytes, no control characters'
      when 'defaultuser' then 'at most 500 bytes, no control characters'
      when 'path' then 'at most 2000 bytes, no control characters'
      when 'ipaddr' then 'an IP address'
      else 'a port'
    end
  );
end
$$;

comment on function peerage.refuse_peer(text, text) is 'Refuses what chan_sip cannot have written in this column, in words that show no more of it than fits a line.';
