//! Whether the database is as this version needs it, and what to do if it is not.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde::Serialize;

use crate::pool::Store;
use crate::{StoreError, migrate};

/// How the database is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The server's version, as it says.
    pub server: String,
    /// Why no request makes sense, one sentence each.
    pub faults: Vec<String>,
    /// What keeps a node from its work.
    pub nodes: Vec<NodeFault>,
}

/// What keeps the login of a node from its work.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct NodeFault {
    /// Name of the node.
    #[diesel(sql_type = Text)]
    pub node: String,
    /// What is wrong, and what to do.
    #[diesel(sql_type = Text)]
    pub fault: String,
}

/// The views that this version wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedViews {
    /// Hash of their text.
    pub hash: String,
    /// Each with its schema.
    pub names: Vec<(&'static str, &'static str)>,
}

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Bool)]
    is_read_only: bool,
    #[diesel(sql_type = Bool)]
    has_tables: bool,
    #[diesel(sql_type = Bool)]
    has_ledger: bool,
}

#[derive(QueryableByName)]
struct Installed {
    #[diesel(sql_type = Text)]
    content_hash: String,
    #[diesel(sql_type = Nullable<Text>)]
    fingerprint: Option<String>,
}

#[derive(QueryableByName)]
struct Fingerprint {
    #[diesel(sql_type = Text)]
    fingerprint: String,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "counted so that the rows are sorted")]
    count: i64,
}

/// A sort that does not fit into its memory, and so writes a file of about a megabyte: whether there is room for one.
const ROOM: &str = "
select count(*)
from (
  select md5(number::text) as word
  from generate_series(1, 12000) as number
  order by word
  offset 0
) as sorted";

impl Store {
    /// Whether the database is as this version needs it.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub fn health(&self, wanted: &WantedViews) -> Result<Health, StoreError> {
        self.read(|connection| {
            let server: Server = diesel::sql_query(include_str!("health/server.sql")).get_result(connection)?;
            let mut health = Health {
                server: server.version,
                faults: Vec::new(),
                nodes: Vec::new(),
            };
            if server.is_read_only {
                let hint = "let the URL name the primary, or all hosts with `target_session_attrs=read-write`";
                health
                    .faults
                    .push(format!("the database takes no changes, as a standby does: {hint}"));
            }
            if !server.has_tables {
                health
                    .faults
                    .push("the tables are not there: `peerage db migrate` makes them".to_owned());
                return Ok(health);
            }
            // Releases whose ledger the service may not read had not all that is looked for below.
            let fault = if server.has_ledger {
                migrations(connection)?
            } else {
                Some("the tables are those of an older release: `peerage db migrate` brings them up to date".to_owned())
            };
            if let Some(fault) = fault {
                health.faults.push(fault);
                return Ok(health);
            }
            health.faults.extend(views(connection, wanted)?);
            health.nodes = diesel::sql_query(include_str!("health/nodes.sql")).load(connection)?;
            connection.batch_execute("set local work_mem = '64kB'")?;
            // Within a savepoint, for a failure ends what it stands in.
            let sorted: Result<Count, StoreError> =
                connection.transaction(|connection| Ok(diesel::sql_query(ROOM).get_result(connection)?));
            match sorted {
                Ok(_) => {}
                Err(error) if error.is_out_of_room() => {
                    let what = "the database has no room left: make room on the disk of its machine";
                    health.faults.push(what.to_owned());
                }
                Err(error) => return Err(error),
            }
            Ok(health)
        })
    }
}

/// What the ledger of migrations says against this version.
fn migrations(connection: &mut PgConnection) -> Result<Option<String>, StoreError> {
    let state =
        migrate::state(connection).map_err(|error| StoreError::from(DieselError::QueryBuilderError(error.into())))?;
    if !state.newer.is_empty() {
        return Ok(Some(format!(
            "the tables are those of a newer release (migrations {}): run that release here",
            state.newer.join(", ")
        )));
    }
    Ok((!state.pending.is_empty()).then(|| {
        format!(
            "{} migrations of this release have not run: `peerage db migrate` runs them",
            state.pending.len()
        )
    }))
}

/// What the catalogue says of the views.
fn views(connection: &mut PgConnection, wanted: &WantedViews) -> Result<Vec<String>, StoreError> {
    let there: Vec<Name> = diesel::sql_query(
        "select
           namespace.nspname::text as schema,
           class.relname::text as name
         from pg_catalog.pg_class as class
           join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
         where namespace.nspname in ('asterisk', 'asterisk_sites', 'report')
           and class.relkind = 'v'",
    )
    .load(connection)?;
    let there: BTreeSet<(&str, &str)> = there
        .iter()
        .map(|row| (row.schema.as_str(), row.name.as_str()))
        .collect();
    let lacking: Vec<String> = wanted
        .names
        .iter()
        .filter(|name| !there.contains(name))
        .map(|(schema, name)| format!("{schema}.{name}"))
        .collect();
    if !lacking.is_empty() {
        return Ok(vec![format!(
            "views are missing ({}): `peerage db migrate` installs them",
            lacking.join(", ")
        )]);
    }
    let newest = "select content_hash, fingerprint from peerage.view_install order by id desc limit 1";
    let installed: Option<Installed> = diesel::sql_query(newest).get_result(connection).optional()?;
    let Some(installed) = installed.filter(|installed| installed.content_hash == wanted.hash) else {
        return Ok(vec![
            "the views are not those of this version: `peerage db migrate` installs them".to_owned(),
        ]);
    };
    let now = fingerprint(connection)?;
    let changed = installed
        .fingerprint
        .is_some_and(|of_install| fingerprints_differ(&of_install, &now));
    Ok(changed
        .then(|| {
            "the schemas were changed since they were installed: `peerage views verify` lists the differences, `peerage views install --again` repairs all but tables".to_owned()
        })
        .into_iter()
        .collect())
}

/// The statement of [`fingerprint`]. Fingerprints made by different versions of it cannot be compared.
pub const FINGERPRINT: &str = include_str!("health/fingerprint.sql");

/// Whether two fingerprints say that something was changed.
pub fn fingerprints_differ(one: &str, other: &str) -> bool {
    fingerprints_compare(one, other) && one != other
}

/// Whether two fingerprints can be compared. Each release of PostgreSQL writes views in its own way, and each of Peerage may look at
/// other things: those of others say nothing.
pub fn fingerprints_compare(one: &str, other: &str) -> bool {
    let made_by = |fingerprint: &str| fingerprint.split_once(' ').map(|(_, made_by)| made_by.to_owned());
    made_by(one) == made_by(other)
}

/// A hash of what stands in the schemas of the views. The search path has to be `pg_catalog`, or names are written without their schema.
///
/// # Errors
///
/// The catalogue cannot be read.
pub fn fingerprint(connection: &mut PgConnection) -> Result<String, DieselError> {
    let row: Fingerprint = diesel::sql_query(FINGERPRINT)
        .bind::<Text, _>(FINGERPRINT)
        .get_result(connection)?;
    Ok(row.fingerprint)
}
