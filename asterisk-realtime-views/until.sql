-- The operator <= of a node, for its search for expired contacts: `expiration_time <= '1732986000'`.
--
-- The number is the node's time. Asterisk deletes what it finds so, whichever node wrote it; with a clock an hour ahead that would be every
-- contact there is. So nothing is found that lives by the database's clock, and the database learns the node's (peerage.node_says). The operator
-- stands before PostgreSQL's own in the search path of nodes, is written out in the statement that uses it (inlined), and its right side is
-- computed once, so that the index answers as before.
create function asterisk.sweep_until(said bigint)
  returns bigint
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  return peerage.node_says(said);
end
$$;

comment on function asterisk.sweep_until(bigint) is 'Until when contacts are expired, by the clock of the node or the database''s, whichever is earlier.';

create function asterisk.is_until(value bigint, said bigint)
  returns boolean
  language sql
  stable
  return value operator(pg_catalog.<=) asterisk.sweep_until(said);

comment on function asterisk.is_until(bigint, bigint) is 'Less than or equal, where no node''s clock runs ahead of the database''s.';

create operator asterisk.<= (
  function = asterisk.is_until,
  leftarg = bigint,
  rightarg = bigint,
  restrict = scalarlesel,
  join = scalarlejoinsel
);

comment on operator asterisk.<=(bigint, bigint) is 'Less than or equal, where no node''s clock runs ahead of the database''s.';

create operator asterisk_sites.<= (
  function = asterisk.is_until,
  leftarg = bigint,
  rightarg = bigint,
  restrict = scalarlesel,
  join = scalarlejoinsel
);

comment on operator asterisk_sites.<=(bigint, bigint) is 'Less than or equal, where no node''s clock runs ahead of the database''s.';
