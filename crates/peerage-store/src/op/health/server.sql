-- The server as this session finds it.
select
  current_setting('server_version') as version,
  pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as is_read_only,
  to_regclass('peerage.__diesel_schema_migrations') is not null and to_regclass('peerage.view_install') is not null as has_tables,
  coalesce(has_table_privilege(to_regclass('peerage.__diesel_schema_migrations'), 'select'), false) as has_ledger
