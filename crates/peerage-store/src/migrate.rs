//! The migrations, embedded from `schema/migrations`, and the group roles that they grant to.
//!
//! This module only offers the steps; `peerage_views::migrate` runs them together with the install of the views, in one
//! transaction.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::{Pg, PgConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::{QueryableByName, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// Every migration, in order.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../schema/migrations");

/// All of them as one script, for a schema in which none has run.
pub const SQL: &str = include_str!(concat!(env!("OUT_DIR"), "/migrations.sql"));

/// Changes with the text of the embedded migrations: two builds with the same one make the same tables.
pub const CONTENT_HASH: &str = env!("PEERAGE_MIGRATIONS_HASH");

/// Why a migration could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The group roles could not be made.
    #[error("could not make the group roles: {source}")]
    Roles {
        /// What PostgreSQL said.
        source: DieselError,
    },
    /// A migration failed; nothing of the run remains.
    #[error("a migration failed, and the whole run was undone: {0}")]
    Migration(String),
    /// A newer release has migrated the database.
    #[error("the tables are those of a newer release of Peerage (migrations {})", .0.join(", "))]
    Newer(Vec<String>),
    /// The login may not do what a migration does.
    #[error(transparent)]
    Rights(#[from] crate::Lacking),
    /// Another statement failed.
    #[error(transparent)]
    Database(#[from] DieselError),
}

/// Looks whether this login may migrate.
///
/// # Errors
///
/// [`MigrateError::Rights`] with what it lacks.
pub fn check_rights(conn: &mut PgConnection) -> Result<(), MigrateError> {
    match crate::rights::lacking(conn, crate::rights::Work::Migrate)? {
        Some(lacking) => Err(lacking.into()),
        None => Ok(()),
    }
}

/// Makes the group roles and the schemas.
///
/// Roles belong to the cluster, so this stands outside the migrations; it changes nothing when all is there, and two
/// databases of one cluster may do it at the same time.
///
/// # Errors
///
/// [`MigrateError::Roles`] when the database user may not create roles.
pub fn prepare_roles(conn: &mut PgConnection) -> Result<(), MigrateError> {
    const ATTEMPTS: usize = 20;
    for attempt in 1.. {
        match conn.batch_execute(include_str!("migrate/roles.sql")) {
            Ok(()) => break,
            // "tuple concurrently updated": another database of the cluster is doing the same.
            Err(DieselError::DatabaseError(DatabaseErrorKind::Unknown, information))
                if attempt < ATTEMPTS && information.message().contains("concurrently") =>
            {
                tracing::debug!(attempt, "roles are being made by another run");
            }
            Err(source) => return Err(MigrateError::Roles { source }),
        }
    }
    Ok(())
}

/// Makes the schemas, becomes their owner for the rest of the transaction, and waits for other runs to end.
///
/// # Errors
///
/// [`MigrateError::Database`] when the database user may not create schemas.
pub fn begin(conn: &mut PgConnection) -> Result<(), MigrateError> {
    conn.batch_execute(include_str!("migrate/begin.sql"))?;
    Ok(())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// Whether the migrations have ever run here.
///
/// # Errors
///
/// [`MigrateError::Database`] when the catalogue cannot be read.
pub fn is_initialised(conn: &mut PgConnection) -> Result<bool, MigrateError> {
    let row: Found = diesel::sql_query("select to_regclass('peerage.__diesel_schema_migrations') is not null as found")
        .get_result(conn)?;
    Ok(row.found)
}

/// Names of all migrations, in order.
///
/// # Errors
///
/// [`MigrateError::Migration`] when the embedded ones cannot be read; a test reads them, so no release has that.
pub fn names() -> Result<Vec<String>, MigrateError> {
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(said)?;
    let mut names: Vec<String> = migrations
        .iter()
        .map(|migration| migration.name().to_string())
        .collect();
    names.sort();
    Ok(names)
}

/// What the ledger says of the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Versions of this release that have not run.
    pub pending: Vec<String>,
    /// Versions that have run and that this release does not know.
    pub newer: Vec<String>,
}

#[derive(QueryableByName)]
struct Ran {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Compares the ledger with the migrations of this release.
///
/// # Errors
///
/// [`MigrateError::Database`] when the ledger cannot be read.
pub fn state(conn: &mut PgConnection) -> Result<State, MigrateError> {
    let ran: Vec<Ran> =
        diesel::sql_query("select version::text as version from peerage.__diesel_schema_migrations order by version")
            .load(conn)?;
    let known: Vec<String> = names()?
        .iter()
        .map(|name| name.split('_').next().unwrap_or(name).to_owned())
        .collect();
    let ran: Vec<String> = ran.into_iter().map(|row| row.version).collect();
    Ok(State {
        pending: known.iter().filter(|version| !ran.contains(version)).cloned().collect(),
        newer: ran.into_iter().filter(|version| !known.contains(version)).collect(),
    })
}

/// Names of the migrations that have not run yet. Must stand between [`begin`] and the end of its transaction.
///
/// # Errors
///
/// [`MigrateError::Migration`] when the ledger cannot be read, [`MigrateError::Newer`] when it has some that this release does not know.
pub fn pending(conn: &mut PgConnection) -> Result<Vec<String>, MigrateError> {
    if is_initialised(conn)? {
        let newer = state(conn)?.newer;
        if !newer.is_empty() {
            return Err(MigrateError::Newer(newer));
        }
    }
    let pending = MigrationHarness::<Pg>::pending_migrations(conn, MIGRATIONS).map_err(said)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

/// Runs what has not run yet, and returns the names. Must stand between [`begin`] and the end of its transaction.
///
/// # Errors
///
/// [`MigrateError::Migration`] with PostgreSQL's words.
pub fn run_pending(conn: &mut PgConnection) -> Result<Vec<String>, MigrateError> {
    let ran = conn
        .run_pending_migrations(MIGRATIONS)
        .map_err(said)?
        .iter()
        .map(ToString::to_string)
        .collect();
    conn.batch_execute(include_str!("migrate/end.sql"))?;
    Ok(ran)
}

/// Undoes every migration, newest first; for the test that they leave nothing behind.
///
/// # Errors
///
/// [`MigrateError::Migration`] with PostgreSQL's words.
pub fn revert_all(conn: &mut PgConnection) -> Result<(), MigrateError> {
    conn.revert_all_migrations(MIGRATIONS).map_err(said)?;
    Ok(())
}

/// `diesel_migrations` hands out boxed errors that are not `Send` everywhere; their text is what there is to tell.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn said(error: Box<dyn std::error::Error + Send + Sync>) -> MigrateError {
    MigrateError::Migration(error.to_string())
}
