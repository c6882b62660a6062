use std::collections::BTreeSet;

use diesel::debug_query;
use diesel::pg::Pg;
use diesel::prelude::*;
use peerage_testkit::db::TestDb;

use super::*;

/// The statement that reads all that is known of a table.
macro_rules! reading {
    ($table:ident) => {{
        let statement = debug_query::<Pg, _>(&$table::table.select($table::all_columns)).to_string();
        let (statement, _) = statement.split_once(" -- ").unwrap();
        (stringify!($table), statement.replace('"', ""))
    }};
}

/// The columns that a statement names, in bytewise order.
fn columns<'a>(table: &str, statement: &'a str) -> BTreeSet<&'a str> {
    let prefix = format!("peerage.{table}.");
    statement
        .split([' ', ','])
        .filter_map(|word| word.strip_prefix(prefix.as_str()))
        .collect()
}

#[test]
fn tables_have_every_column_that_can_be_written() {
    let db = TestDb::new();
    let tables = [
        reading!(site),
        reading!(node),
        reading!(sip_account),
        reading!(sip_secret),
        reading!(agent),
        reading!(agent_channel),
        reading!(phone),
        reading!(login_account),
        reading!(audit_entry),
    ];
    for (table, statement) in tables {
        let stored = db.psql(&format!(
            "select column_name from information_schema.columns
             where table_schema = 'peerage' and table_name = '{table}' and is_generated = 'NEVER'"
        ));
        assert_eq!(columns(table, &statement), stored.lines().collect(), "{table}");
        db.psql(&format!("{statement} limit 0"));
    }
}

#[test]
fn what_asterisk_writes_has_the_columns_that_are_read() {
    let db = TestDb::new();
    for (table, statement) in [reading!(sip_contact), reading!(sip_peer)] {
        assert!(columns(table, &statement).contains("contact_uri"));
        db.psql(&format!("{statement} limit 0"));
    }
}
