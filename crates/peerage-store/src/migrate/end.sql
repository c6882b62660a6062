comment on schema asterisk is 'Views and triggers for Asterisk, compiled from files and replaced as a whole.';
comment on schema asterisk_sites is 'The views of schema asterisk for nodes that serve named sites: the rows of these alone.';
comment on schema report is 'Views for people.';
comment on table peerage.__diesel_schema_migrations is 'Ledger of the migrations.';
comment on column peerage.__diesel_schema_migrations.version is 'Version of the migration.';
comment on column peerage.__diesel_schema_migrations.run_on is 'When it ran.';
