//! The embedded list, the directory and the catalogue say the same.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::Connection;
use peerage_store::migrate;
use peerage_testkit::db::TestDb;
use peerage_views::code::{CODE, OF_MIGRATIONS};
use peerage_views::source::VIEWS;

#[test]
fn the_embedded_list_is_the_directory() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../asterisk-realtime-views");
    let mut found = BTreeSet::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap();
        let name = folder.file_name().into_string().unwrap();
        if folder.file_type().unwrap().is_dir() && name != "columns" {
            for file in std::fs::read_dir(folder.path()).unwrap() {
                found.insert(format!("{name}/{}", file.unwrap().file_name().into_string().unwrap()));
            }
        }
    }
    let embedded: BTreeSet<String> = VIEWS.iter().map(|source| source.path.to_string()).collect();
    assert_eq!(embedded, found);
}

#[test]
fn the_embedded_list_of_code_is_the_directory_and_each_file_makes_what_its_name_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/code");
    let mut found = BTreeSet::from(["grants.sql".to_owned()]);
    for area in std::fs::read_dir(&root).unwrap() {
        let area = area.unwrap();
        if area.file_type().unwrap().is_dir() {
            for file in std::fs::read_dir(area.path()).unwrap() {
                let (area, file) = (area.file_name(), file.unwrap().file_name());
                found.insert(format!("{}/{}", area.to_str().unwrap(), file.to_str().unwrap()));
            }
        }
    }
    let embedded: BTreeSet<String> = CODE.iter().map(|source| source.path.to_string()).collect();
    assert_eq!(embedded, found);
    for source in CODE.iter().filter(|source| source.path != "grants.sql") {
        let name = source.name();
        let made: Vec<&str> = source
            .sql
            .lines()
            .filter_map(|line| {
                line.strip_prefix("create function ")
                    .or_else(|| line.strip_prefix("create view "))
            })
            .collect();
        let [one] = made[..] else {
            panic!("{} makes {made:?}", source.path);
        };
        assert!(one.starts_with(&format!("peerage.{name}")), "{}", source.path);
    }
}

#[test]
fn migrations_make_no_triggers_no_views_and_no_functions_but_those_that_constraints_call() {
    let db = TestDb::empty();
    let mut conn = db.connect();
    migrate::prepare_roles(&mut conn).unwrap();
    conn.transaction(|conn| {
        migrate::begin(conn)?;
        migrate::run_pending(conn)
    })
    .unwrap();
    let functions = db.psql(
        "select proname from pg_proc where pronamespace = 'peerage'::regnamespace order by proname collate \"C\"",
    );
    assert_eq!(functions.lines().collect::<Vec<_>>(), OF_MIGRATIONS);
    let others = db.psql(
        "select tgname from pg_trigger join pg_class on pg_class.oid = tgrelid where relnamespace = 'peerage'::regnamespace and not tgisinternal
         union all
         select relname from pg_class where relnamespace = 'peerage'::regnamespace and relkind = 'v'",
    );
    assert_eq!(others, "");
}

#[test]
fn every_header_is_complete() {
    for source in VIEWS {
        let keys: &[&str] = match source.schema() {
            "report" => &["object", "for", "grain"],
            _ => &["object", "module", "read", "write", "asterisk", "site"],
        };
        for key in keys {
            assert!(source.header(key).is_some(), "{} lacks `{key}`", source.path);
        }
        assert_eq!(source.header("object"), Some(source.name()));
    }
}

#[test]
fn the_comments_name_the_columns_of_the_catalogue_in_order() {
    let db = TestDb::new();
    for source in VIEWS {
        let catalogue = db.psql(&format!(
            "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = '{}.{}'::regclass and attnum > 0",
            source.schema(),
            source.name()
        ));
        let named: Vec<String> = source.columns().into_iter().map(|column| column.name).collect();
        assert_eq!(named.join(","), catalogue.trim(), "{}", source.path);
    }
}

#[test]
fn every_column_is_text_but_the_expiration_time() {
    let db = TestDb::new();
    let others = db.psql(
        "select attrelid::regclass || '.' || attname
         from pg_attribute
           join pg_class on pg_class.oid = attrelid
         where relnamespace = 'asterisk'::regnamespace
           and relkind = 'v'
           and attnum > 0
           and atttypid <> 'text'::regtype",
    );
    assert_eq!(others.trim(), "asterisk.ps_contacts.expiration_time");
}

#[test]
fn disallow_stands_before_allow_and_deny_before_permit() {
    for view in ["sippeers", "ps_endpoints"] {
        let columns: Vec<String> = peerage_views::source::find(view)
            .unwrap()
            .columns()
            .into_iter()
            .map(|column| column.name)
            .collect();
        let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
        assert!(at("disallow") < at("allow"), "{view}");
        assert!(at("deny") < at("permit"), "{view}");
    }
}
