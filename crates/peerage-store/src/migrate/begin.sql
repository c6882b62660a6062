create schema if not exists peerage authorization peerage_owner;
create schema if not exists asterisk authorization peerage_owner;
create schema if not exists asterisk_sites authorization peerage_owner;
create schema if not exists report authorization peerage_owner;
set local role peerage_owner;
-- The migrations name every schema; this is for the ledger that diesel keeps.
set local search_path = peerage;
