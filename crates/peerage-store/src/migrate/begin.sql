create schema if not exists peerage authorization peerage_owner;
create schema if not exists asterisk authorization peerage_owner;
create schema if not exists asterisk_sites authorization peerage_owner;
create schema if not exists report authorization peerage_owner;
set local role peerage_owner;
-- One run at a time: the comment locks the schema until the transaction ends, and only its owner may write it. Anybody
-- may take an advisory lock.
comment on schema peerage is 'The canonical tables: agents, telephones, their SIP settings and their state.';
-- What is made from here on is for nobody but its owner until it is granted. Without a schema: the defaults of a schema
-- can only add to those of the database.
alter default privileges for role peerage_owner revoke execute on functions from public;
-- The migrations name every schema; this is for the ledger that diesel keeps.
set local search_path = peerage;
