//! Holds tables, code and views in force against those compiled in: definitions, columns, constraints, indexes, triggers, functions,
//! owners, grants, comments.
//!
//! The migrations and the compiled scripts are run into scratch schemas, both catalogues are read in the same form, and the scratch is
//! rolled back; so nothing has to be parsed, and the views in force are not locked.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl};
use peerage_store::migrate;

use crate::install::InstallError;
use crate::script::compile;

/// The schemas compared, and where the compiled scripts are run for that; never committed.
const SCHEMAS: [(&str, &str); 4] = [
    ("peerage", "peerage_verify_peerage"),
    ("asterisk_sites", "peerage_verify_asterisk_sites"),
    ("asterisk", "peerage_verify_asterisk"),
    ("report", "peerage_verify_report"),
];

/// One fact of a catalogue that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// What it is about, such as `view ps_aors` or `column ps_aors.id`.
    pub object: String,
    /// The fact.
    pub fact: String,
    /// Whether it is there and should not be, or should be and is not.
    pub direction: Direction,
}

/// Which side has the fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// In the database, not in the compiled views.
    Unexpected,
    /// In the compiled views, not in the database.
    Missing,
}

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    #[diesel(sql_type = Text)]
    object: String,
    #[diesel(sql_type = Text)]
    fact: String,
}

/// Compares; no drift is an empty list.
///
/// # Errors
///
/// [`InstallError`] when the database is not migrated, or a catalogue cannot be read.
pub fn verify(conn: &mut PgConnection) -> Result<Vec<Drift>, InstallError> {
    migrate::check_rights(conn)?;
    if !migrate::is_initialised(conn)? {
        return Err(InstallError::NotMigrated);
    }
    let mut found = None;
    let result = conn.transaction(|conn| {
        // An install that goes on ends first.
        migrate::begin(conn)?;
        conn.batch_execute("reset role")?;
        // The catalogue leaves out the schemas of the search path when it prints a definition.
        conn.batch_execute("set local search_path = ''")?;
        let live = facts(conn, |(live, _)| live)?;
        for (_, scratch) in SCHEMAS {
            conn.batch_execute(&format!("create schema {scratch} authorization peerage_owner"))?;
        }
        conn.batch_execute("set local role peerage_owner")?;
        conn.batch_execute("create table peerage_verify_peerage.__diesel_schema_migrations (like peerage.__diesel_schema_migrations including all)")?;
        let script = compile();
        // Neither migrations nor code know the schemas of the views, and `report` may be a table's other name there.
        let parts = [(migrate::SQL, 1), (script.code.sql.as_str(), 1), (script.sql.as_str(), SCHEMAS.len())];
        for (sql, schemas) in parts {
            conn.batch_execute(&renamed(sql, SCHEMAS.iter().take(schemas)))?;
        }
        conn.batch_execute("set local search_path = ''")?;
        found = Some((live, facts(conn, |(_, scratch)| scratch)?));
        Err::<(), DieselOrInstall>(DieselOrInstall::Database(DieselError::RollbackTransaction))
    });
    match (result, found) {
        (_, Some((live, compiled))) => Ok(compare(&live, &compiled)),
        (Err(DieselOrInstall::Install(error)), None) => Err(error),
        (Err(DieselOrInstall::Database(error)), None) => Err(error.into()),
        (Ok(()), None) => Ok(Vec::new()),
    }
}

/// The script with the scratch schemas in place of the real ones, whose names stand there only as a qualifier, after `schema`, or
/// before `::regnamespace`.
fn renamed<'a>(sql: &str, schemas: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    // A scratch schema has the name of its own in it.
    const MARK: &str = "\u{1}";
    schemas.fold(sql.to_string(), |sql, (schema, scratch)| {
        sql.replace(&format!("{schema}."), &format!("{MARK}."))
            .replace(&format!("schema {schema}"), &format!("schema {MARK}"))
            .replace(&format!("'{schema}'::regnamespace"), &format!("'{MARK}'::regnamespace"))
            .replace(MARK, scratch)
    })
}

/// The facts of one side, with the scratch schemas' names taken back.
fn facts(
    conn: &mut PgConnection,
    side: impl Fn((&'static str, &'static str)) -> &'static str,
) -> Result<BTreeSet<Fact>, DieselError> {
    let mut all = BTreeSet::new();
    for pair in SCHEMAS {
        let facts: Vec<Fact> = diesel::sql_query(include_str!("verify/facts.sql"))
            .bind::<Text, _>(side(pair))
            .load(conn)?;
        let facts = facts.into_iter().filter(|fact| !is_set_elsewhere(pair.0, fact));
        all.extend(facts.map(|fact| {
            Fact {
                // The same views stand in `asterisk`.
                object: match pair.0 {
                    "asterisk_sites" => format!("{} in asterisk_sites", fact.object),
                    _ => fact.object,
                },
                fact: SCHEMAS
                    .iter()
                    .fold(fact.fact, |text, (schema, scratch)| text.replace(scratch, schema)),
            }
        }));
    }
    Ok(all)
}

/// Whether neither migrations nor code say it: who may call what views and checks call is granted after them
/// (`peerage_store::hardening`), and the ledger of the migrations is diesel's.
fn is_set_elsewhere(schema: &str, fact: &Fact) -> bool {
    schema == "peerage"
        && (fact.object.starts_with("function ") && fact.fact.starts_with("grants: ")
            || fact.object.contains("__diesel_schema_migrations"))
}

fn compare(live: &BTreeSet<Fact>, compiled: &BTreeSet<Fact>) -> Vec<Drift> {
    let (of_live, of_compiled) = (as_read_back(live), as_read_back(compiled));
    let only = |one: &BTreeMap<_, &Fact>, other: &BTreeMap<_, &Fact>, direction| {
        let only = one.iter().filter(|(key, _)| !other.contains_key(*key));
        only.map(|(_, fact)| Drift {
            object: fact.object.clone(),
            fact: fact.fact.clone(),
            direction,
        })
        .collect::<Vec<_>>()
    };
    let mut found = only(&of_live, &of_compiled, Direction::Unexpected);
    found.extend(only(&of_compiled, &of_live, Direction::Missing));
    found.sort();
    found
}

/// The facts without parentheses and blanks: PostgreSQL sets others when it reads a definition back from a dump. The text of a
/// function with a body of its own language is kept as it was.
fn as_read_back(facts: &BTreeSet<Fact>) -> BTreeMap<(&str, String), &Fact> {
    let bare = |text: &str| match text.contains("AS $function$") {
        true => text.to_owned(),
        false => text.replace(|letter: char| letter.is_whitespace() || "()".contains(letter), ""),
    };
    facts
        .iter()
        .map(|fact| ((fact.object.as_str(), bare(&fact.fact)), fact))
        .collect()
}

enum DieselOrInstall {
    Database(DieselError),
    Install(InstallError),
}

impl From<DieselError> for DieselOrInstall {
    fn from(error: DieselError) -> Self {
        Self::Database(error)
    }
}

impl From<migrate::MigrateError> for DieselOrInstall {
    fn from(error: migrate::MigrateError) -> Self {
        Self::Install(error.into())
    }
}
