//! plpgsql_check finds nothing in our functions but what `plpgsql.tsv` says, with a reason each.

use std::collections::BTreeSet;

use peerage_testkit::db::TestDb;

const CHECK: &str = include_str!("plpgsql.sql");
const EXCEPTIONS: &str = include_str!("plpgsql.tsv");

/// A database with the extension, which a superuser makes in a schema of its own.
fn database() -> TestDb {
    let db = TestDb::new();
    db.psql("create extension plpgsql_check");
    db
}

/// One line for each finding: function, level, message, detail.
fn findings(db: &TestDb) -> Vec<Vec<String>> {
    let said = db.psql(CHECK);
    said.lines()
        .map(|line| line.split('|').map(str::to_owned).collect())
        .collect()
}

/// Findings that no exception covers, and exceptions that cover none.
fn faults(db: &TestDb) -> Vec<String> {
    let exceptions: Vec<(&str, &str)> = EXCEPTIONS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(
                fields.len() == 3 && !fields[2].is_empty(),
                "a function, a message and a reason: {line}"
            );
            (fields[0], fields[1])
        })
        .collect();
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for finding in findings(db) {
        let key = (finding[0].as_str(), finding[2].as_str());
        match exceptions.iter().find(|exception| **exception == key) {
            Some(exception) => {
                used.insert(*exception);
            }
            None => faults.push(finding.join(" | ")),
        }
    }
    let unused = exceptions.iter().filter(|exception| !used.contains(*exception));
    faults.extend(unused.map(|(function, message)| format!("nothing says of {function}: {message}")));
    faults
}

#[test]
fn plpgsql_check_finds_nothing_in_any_function() {
    let db = database();
    assert_eq!(faults(&db), Vec::<String>::new());
}

#[test]
fn plpgsql_check_finds_each_kind_of_bad_function() {
    for (definition, expected) in [
        // An error that only a run would show.
        (
            "create function peerage.bad() returns void language plpgsql as $$ begin perform missing from peerage.agent; end $$",
            "column \"missing\" does not exist",
        ),
        // A warning of each class.
        (
            "create function peerage.bad() returns void language plpgsql as $$ declare unused integer; begin null; end $$",
            "unused variable",
        ),
        (
            "create function peerage.bad() returns integer language plpgsql as $$ declare n integer := 1; begin return n + 1; end $$",
            "should be IMMUTABLE",
        ),
        (
            "create function peerage.bad(named text) returns void language plpgsql as $$ begin execute 'delete from peerage.agent where number = ' || named; end $$",
            "injection vulnerable",
        ),
        // In a trigger, about a transition table.
        (
            "create function peerage.bad() returns trigger language plpgsql as $$ begin perform new_row.missing from new_rows as new_row; return null; end $$;
             create trigger bad after insert on peerage.agent referencing new table as new_rows for each statement execute function peerage.bad()",
            "does not exist",
        ),
        // Not reached.
        (
            "create function peerage.bad() returns trigger language plpgsql as $$ begin return null; end $$",
            "not reached",
        ),
        (
            "create function peerage.bad() returns integer language sql as 'select 1'",
            "not reached",
        ),
    ] {
        let db = database();
        db.psql(definition);
        let faults = faults(&db);
        assert!(
            faults.iter().any(|fault| fault.starts_with("peerage.bad(") && fault.contains(expected)),
            "{definition}: {faults:?}"
        );
    }
}

#[test]
fn plpgsql_check_finds_a_function_that_was_good() {
    let db = database();
    db.psql("alter table peerage.contact_lock rename column slot to other");
    let faults = faults(&db);
    assert!(faults.iter().any(|fault| fault.contains("slot")), "{faults:?}");
}
