//! What the catalogue says of functions: whose rights they run with, who may call them, and that who must can.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use peerage_testkit::db::TestDb;

const FAULTS: &str = include_str!("functions.sql");

#[test]
fn no_function_can_be_turned_against_its_owner() {
    let db = TestDb::new();
    let functions = db
        .psql("select count(*) from pg_proc where pronamespace in ('peerage'::regnamespace, 'asterisk'::regnamespace)");
    assert!(functions.parse::<u32>().unwrap() >= 40, "{functions}");
    assert_eq!(db.psql(FAULTS), "");
}

#[test]
fn each_fault_of_a_function_is_found() {
    for (definition, expected) in [
        (
            "create function peerage.bad() returns int language plpgsql as 'begin return 1; end'; revoke execute on function peerage.bad() from public;",
            "peerage.bad()|does not look in pg_temp last",
        ),
        (
            "create function peerage.bad() returns int language plpgsql set search_path = '' as 'begin return 1; end'; revoke execute on function peerage.bad() from public;",
            "peerage.bad()|does not look in pg_temp last",
        ),
        (
            "create function peerage.bad() returns int language plpgsql set search_path = pg_temp, pg_catalog as 'begin return 1; end'; revoke execute on function peerage.bad() from public;",
            "peerage.bad()|does not look in pg_temp last",
        ),
        (
            "create function report.bad() returns int language sql return 1",
            "report.bad()|is for anybody",
        ),
        (
            "create function asterisk.bad() returns int language sql security definer set search_path = pg_catalog, pg_temp return 1; revoke execute on function asterisk.bad() from public;",
            "asterisk.bad()|runs as another than peerage_owner",
        ),
        (
            "grant execute on function peerage.audit() to peerage_app",
            "peerage.audit()|is a trigger's, and peerage_app may make a trigger of it",
        ),
    ] {
        let db = TestDb::new();
        db.psql(definition);
        assert_eq!(db.psql(FAULTS), expected, "{definition}");
    }
}

#[test]
fn what_the_owner_makes_later_is_for_the_owner_alone() {
    let db = TestDb::new();
    db.psql("set role peerage_owner; create function peerage.later() returns int language sql return 1");
    assert_eq!(
        db.psql("select has_function_privilege('peerage_app', 'peerage.later()', 'execute')"),
        "f"
    );
}

/// The functions of schema peerage that statements in the sources call.
fn called_by_rust() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut folders: Vec<PathBuf> = ["peerage-store", "peerage-views", "peerage-service", "peerage"]
        .iter()
        .map(|name| crates.join(name).join("src"))
        .collect();
    let mut called = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for (at, _) in text.match_indices("peerage.") {
                let rest = &text[at + "peerage.".len()..];
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                    .collect();
                if rest[name.len()..].starts_with('(') {
                    called.insert(name);
                }
            }
        }
    }
    called
}

#[test]
fn the_application_may_call_what_it_calls() {
    let db = TestDb::new();
    let called = called_by_rust();
    assert!(called.len() >= 8, "{called:?}");
    let names: Vec<String> = called.iter().map(|name| format!("'{name}'")).collect();
    let denied = db.psql(&format!(
        "select proc.oid::regprocedure
         from pg_proc as proc
         where proc.pronamespace = 'peerage'::regnamespace
           and proc.proname in ({})
           -- Called by an install, as the owner.
           and proc.proname <> 'serve_all'
           and not has_function_privilege('peerage_app', proc.oid, 'execute')",
        names.join(", ")
    ));
    assert_eq!(
        denied, "",
        "a statement of the sources calls it: grant it to peerage_app beside it"
    );
}

#[test]
fn who_reports_has_no_use_of_the_schemas_of_others() {
    let db = TestDb::new();
    let usable = db.psql(
        "select string_agg(nspname, ',' order by nspname)
         from pg_namespace
         where has_schema_privilege('peerage_report', oid, 'usage')
           and pg_get_userbyid(nspowner) = 'peerage_owner'",
    );
    assert_eq!(usable, "report");
}
