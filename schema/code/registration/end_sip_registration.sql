create function peerage.end_sip_registration(of_number text, of_node text, as_written timestamptz)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update peerage.sip_peer
  set
    fullcontact = '',
    regseconds = '0',
    lastms = '0',
    -- In the name of the node: only who has a right to the table can write this.
    written_at = clock_timestamp()
  where number = of_number
    and node = of_node
    and written_at = as_written
    and expires_at is not null;

  return found;
end
$$;

comment on function peerage.end_sip_registration(text, text, timestamptz) is
  'Ends a chan_sip registration in the name of its node, unless it was written since: a node that keeps peers in memory does not always write that a telephone has unregistered.';
