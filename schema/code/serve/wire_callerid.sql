-- The served tables: what Asterisk is told, one narrow table for each thing it asks for.
--
-- The mapping from the Voice section to Asterisk stands once, in the views named *_mapping. Their rows are kept in the
-- tables beside them by trigger, because reading a mapping costs each lookup several times what reading a narrow table
-- costs, and lookups outnumber changes by far. An account without a secret is not served at all: chan_sip would let
-- anybody in who knows the number. A changed mapping is a migration that replaces the view and calls
-- peerage.serve_all(); a test holds the tables against the mappings.
--
-- The row of a chan_sip peer also takes what chan_sip writes about its registration, so that one lookup tells all: chan_sip
-- would ask a second statement, for every packet, of a table apart.
create function peerage.wire_callerid(name text, number text, own text)
  returns text
  language sql
  immutable
  parallel safe
  return case
    when name is not null
      then '"' || peerage.wire(replace(replace(name, '\', '\\'), '"', '\"')) || '" <' || coalesce(number, own) || '>'
    when number is not null then '<' || number || '>'
  end;

comment on function peerage.wire_callerid(text, text, text) is
  'A caller id as Asterisk parses it (main/callerid.c, ast_callerid_parse): the name quoted, its `"` and `\` escaped, and coded for the realtime driver; null for none. A name alone goes with the account''s own number, because PJSIP drops a name without one (res_pjsip_caller_id.c).';
