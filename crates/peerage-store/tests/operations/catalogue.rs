//! Rules about the schema itself, read from the catalogue.

use crate::support::database;

/// The schemas that are ours.
const OURS: &str = "('peerage', 'asterisk', 'report')";

#[test]
fn every_foreign_key_has_an_index_that_begins_with_its_columns() {
    let (db, _) = database();
    assert!(
        db.psql("select count(*) from pg_constraint where contype = 'f'")
            .parse::<u32>()
            .unwrap()
            >= 6
    );
    let without = db.psql(
        "select conrelid::regclass || ' ' || conname
         from pg_constraint as fk
         where contype = 'f'
           and not exists (
             select
             from pg_index as index
             where index.indrelid = fk.conrelid
               and index.indpred is null
               and (index.indkey::int2[])[0:cardinality(fk.conkey) - 1] @> fk.conkey
           )",
    );
    assert_eq!(without, "");
}

#[test]
fn every_object_of_ours_has_a_comment() {
    let (db, _) = database();
    let of = |condition: &str| {
        db.psql(&format!(
            "with object as (
               select 'relation' as kind, c.oid::regclass::text as name, obj_description(c.oid, 'pg_class') as said
               from pg_class as c where c.relnamespace::regnamespace::text in {OURS} and c.relkind in ('r', 'v')
               union all
               select 'column', c.oid::regclass || '.' || a.attname, col_description(c.oid, a.attnum)
               from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               where c.relnamespace::regnamespace::text in {OURS} and c.relkind in ('r', 'v')
               union all
               select 'function', p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
               from pg_proc as p where p.pronamespace::regnamespace::text in {OURS}
               union all
               select 'schema', nspname, obj_description(oid, 'pg_namespace')
               from pg_namespace where nspname in {OURS}
             )
             select {condition} from object where name not like '%__diesel_schema_migrations%'"
        ))
    };
    assert_eq!(
        of("string_agg(name, ' ' order by name) filter (where coalesce(said, '') = '')"),
        ""
    );
    for (kind, least) in [("relation", 40), ("column", 400), ("function", 30), ("schema", 3)] {
        let seen: u32 = of(&format!("count(*) filter (where kind = '{kind}')")).parse().unwrap();
        assert!(seen >= least, "only {seen} of {kind}");
    }
}

#[test]
fn every_constraint_and_index_is_named_after_its_table() {
    let (db, _) = database();
    let constraints = "from pg_constraint as c
         join pg_class as t on t.oid = c.conrelid
         where t.relnamespace = 'peerage'::regnamespace
           and t.relname <> '__diesel_schema_migrations'
           and contype in ('p', 'u', 'f', 'c', 'x')";
    assert!(
        db.psql(&format!("select count(*) {constraints}"))
            .parse::<u32>()
            .unwrap()
            >= 60
    );
    let misnamed = db.psql(&format!(
        "select conname {constraints}
         and conname !~ ('^' || relname || '_[a-z0-9_]+_' || case contype
           when 'p' then 'pk' when 'u' then 'key' when 'f' then 'fk' when 'c' then 'check' else 'excl' end || '$')"
    ));
    assert_eq!(misnamed, "");
    let indexes = db.psql(
        "select indexname from pg_indexes
         where schemaname = 'peerage' and tablename <> '__diesel_schema_migrations'
           and indexname !~ ('^' || tablename || '_[a-z0-9_]+_(pk|key|idx|excl)$')",
    );
    assert_eq!(indexes, "");
}

#[test]
fn a_check_that_refuses_says_so_under_its_own_name_and_column() {
    let (db, _) = database();
    let checks = "from pg_constraint as c
         join pg_class as t on t.oid = c.conrelid
         where t.relnamespace = 'peerage'::regnamespace and contype = 'c' and pg_get_constraintdef(c.oid) like '%refuse(%'";
    assert!(db.psql(&format!("select count(*) {checks}")).parse::<u32>().unwrap() >= 40);
    let wrong = db.psql(&format!(
        "select conname {checks}
           and pg_get_constraintdef(c.oid) not like format('%%refuse(''%s''::text, ''%s''::text, %%', relname, conname)"
    ));
    assert_eq!(wrong, "");
    let no_column = db.psql(&format!(
        "select conname || ' ' || said.field
         from (
           select conname, conrelid, (regexp_match(pg_get_constraintdef(c.oid), 'refuse\\(''[^'']+''::text, ''[^'']+''::text, ''([^'']+)'''))[1] as field {checks}
         ) as said
         where not exists (select from pg_attribute as a where a.attrelid = said.conrelid and a.attname = said.field)"
    ));
    assert_eq!(no_column, "");
}

#[test]
fn every_moment_is_stored_with_its_time_zone() {
    let (db, _) = database();
    let columns =
        format!("from information_schema.columns where table_schema in {OURS} and data_type like 'timestamp%'");
    assert!(db.psql(&format!("select count(*) {columns}")).parse::<u32>().unwrap() >= 10);
    let without = db.psql(&format!(
        "select table_name || '.' || column_name {columns} and data_type not like '%with time zone' and table_name <> '__diesel_schema_migrations'"
    ));
    assert_eq!(without, "");
}

#[test]
fn every_sentence_about_a_constraint_is_about_one_that_exists() {
    let (db, _) = database();
    let table = include_str!("../../src/error/constraint.rs");
    let names: Vec<&str> = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","))
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let found = format!(
            "select (select count(*) from pg_constraint where conname = '{name}') + (select count(*) from pg_class where relname = '{name}' and relkind = 'i')"
        );
        assert_ne!(db.psql(&found), "0", "there is no constraint {name}");
    }
}
