//! The migrations make what `schema/canonical.sql` says, and leave nothing behind when undone.

use std::path::PathBuf;
use std::process::Command;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use peerage_store::migrate;
use peerage_testkit::db::TestDb;

/// The dump of the canonical schema, without what differs from run to run or says nothing.
fn dump(db: &TestDb) -> String {
    let output = Command::new("pg_dump")
        .args(["--schema-only", "--no-owner", "--schema=peerage", "--dbname", db.url()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut text = String::from(
        "-- The canonical schema as the migrations make it: pg_dump, normalised. Compared in the tests; `make schema` writes it.\n",
    );
    let mut blank = false;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let noise = line.starts_with("--")
            || line.starts_with("SET ")
            || line.starts_with('\\')
            || line.starts_with("SELECT pg_catalog.set_config");
        if noise || (blank && line.is_empty()) {
            continue;
        }
        blank = line.is_empty();
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[test]
fn the_migrations_make_the_schema_that_is_written_down() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema/canonical.sql");
    let made = dump(&TestDb::new());
    if std::env::var_os("PEERAGE_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        made == written,
        "schema/canonical.sql is out of date; write it with `make schema` and look at the difference"
    );
    assert!(
        written.contains("create table peerage.sip_account") || written.contains("CREATE TABLE peerage.sip_account")
    );
}

#[test]
fn a_schema_that_differs_by_one_comment_is_told_apart() {
    let db = TestDb::new();
    let before = dump(&db);
    db.psql("comment on column peerage.sip_account.nat is 'other'");
    assert_ne!(before, dump(&db));
}

#[test]
fn up_down_up_ends_where_it_began_and_down_leaves_nothing() {
    let db = TestDb::empty();
    let mut conn = db.connect();
    migrate::prepare_roles(&mut conn).unwrap();
    let up = |conn: &mut diesel::PgConnection| {
        conn.transaction(|conn| {
            migrate::begin(conn)?;
            migrate::run_pending(conn)
        })
        .unwrap()
    };
    assert!(up(&mut conn).len() >= 6);
    let first = dump(&db);
    // Rows must not be in the way of going down.
    db.psql(
        "with account as (
           insert into peerage.sip_account (site_id, number, kind) values (1, '1001', 'agent') returning id, number
         )
         insert into peerage.agent (account_id, number, full_name) select id, number, 'Ada King' from account",
    );
    conn.transaction(|conn| {
        migrate::begin(conn)?;
        migrate::revert_all(conn)
    })
    .unwrap();
    let left = db.psql(
        "select 'relation ' || relname from pg_class where relnamespace = 'peerage'::regnamespace and relname not like '%diesel%'
         union all
         select 'function ' || proname from pg_proc where pronamespace = 'peerage'::regnamespace
         union all
         select 'type ' || typname from pg_type where typnamespace = 'peerage'::regnamespace and typname not like '%diesel%'",
    );
    assert_eq!(left.trim(), "");
    conn.batch_execute("reset role").unwrap();
    assert!(up(&mut conn).len() >= 6);
    assert_eq!(first, dump(&db));
}

#[test]
fn every_object_is_commented_every_foreign_key_indexed_and_every_constraint_named_by_the_rule() {
    let db = TestDb::new();
    let objects = db.psql(
        "select count(*)
         from pg_class
         where relnamespace in ('peerage'::regnamespace, 'asterisk'::regnamespace)
           and relkind in ('r', 'v')",
    );
    assert!(objects.trim().parse::<u32>().unwrap() >= 25, "{objects}");
    let uncommented = db.psql(
        "select class.oid::regclass || coalesce('.' || attribute.attname, '')
         from pg_class as class
           left join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
         where class.relnamespace in ('peerage'::regnamespace, 'asterisk'::regnamespace)
           and class.relkind in ('r', 'v')
           and (obj_description(class.oid, 'pg_class') is null or col_description(class.oid, attribute.attnum) is null)
         union all
         select proc.oid::regprocedure::text
         from pg_proc as proc
         where proc.pronamespace in ('peerage'::regnamespace, 'asterisk'::regnamespace)
           and obj_description(proc.oid, 'pg_proc') is null",
    );
    assert_eq!(uncommented.trim(), "");
    let unindexed = db.psql(
        "select con.conrelid::regclass || ' ' || con.conname
         from pg_constraint as con
         where con.contype = 'f'
           and con.connamespace = 'peerage'::regnamespace
           and not exists (
             select
             from pg_index as index
             where index.indrelid = con.conrelid
               and index.indpred is null
               and (index.indkey::smallint[])[0:cardinality(con.conkey) - 1] @> con.conkey
           )",
    );
    assert_eq!(unindexed.trim(), "");
    let foreign_keys =
        db.psql("select count(*) from pg_constraint where contype = 'f' and connamespace = 'peerage'::regnamespace");
    assert!(foreign_keys.trim().parse::<u32>().unwrap() >= 7);
    let misnamed = db.psql(
        "select con.conname
         from pg_constraint as con
           join pg_class as class on class.oid = con.conrelid
         where con.connamespace = 'peerage'::regnamespace
           and con.contype in ('p', 'u', 'f', 'c')
           and class.relname not like '%diesel%'
           and con.conname !~ ('^' || class.relname || '_[a-z0-9_]+_' || case con.contype
             when 'p' then 'pk'
             when 'u' then 'key'
             when 'f' then 'fk'
             when 'c' then 'check'
           end || '$')",
    );
    assert_eq!(misnamed.trim(), "");
}
