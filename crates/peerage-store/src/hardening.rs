//! What keeps the logins of a database in their place and no migration can hold: rights on the database itself, on
//! functions of PostgreSQL's own, and settings of logins.
//!
//! Some of it takes a superuser, or the owner of the database. [`mend`] puts in force what the session may, and
//! returns the rest with the statements for whoever may.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl};

use crate::migrate::{self, MigrateError};

/// Most that one session may put into temporary files: a sort of some ten million rows.
const TEMP_FILE_LIMIT: &str = "1GB";

/// A limit that is not in force.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, serde::Serialize)]
pub struct Missing {
    /// What somebody may do, in words.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// The statement that ends it, without `;`.
    #[diesel(sql_type = Text)]
    pub statement: String,
}

/// Grants the functions that checks and views call to the group roles that write and read. Must stand in the transaction
/// of [`migrate::begin`], after the views.
///
/// # Errors
///
/// The catalogue cannot be read.
pub fn grant_called(connection: &mut PgConnection) -> Result<(), DieselError> {
    connection.batch_execute(include_str!("hardening/called.sql"))
}

/// What is not in force, in the order in which to mend it. Of a database that was never migrated, what concerns the server.
///
/// # Errors
///
/// The catalogue cannot be read.
pub fn missing(connection: &mut PgConnection) -> Result<Vec<Missing>, DieselError> {
    let mut missing: Vec<Missing> = match migrate::is_initialised(connection) {
        Ok(true) => diesel::sql_query(include_str!("hardening/database.sql")).load(connection)?,
        Err(MigrateError::Database(error)) => return Err(error),
        Ok(false) | Err(_) => Vec::new(),
    };
    let of_server: Vec<Missing> = diesel::sql_query(include_str!("hardening/server.sql"))
        .bind::<Text, _>(TEMP_FILE_LIMIT)
        .load(connection)?;
    missing.extend(of_server);
    Ok(missing)
}

/// Puts in force what the session may, and returns what is still missing.
///
/// # Errors
///
/// The catalogue cannot be read.
pub fn mend(connection: &mut PgConnection) -> Result<Vec<Missing>, DieselError> {
    let found = missing(connection)?;
    if found.is_empty() {
        return Ok(found);
    }
    for item in &found {
        let done = connection.transaction(|connection| connection.batch_execute(&item.statement));
        if let Err(error) = done {
            tracing::debug!(statement = item.statement, %error, "left to somebody who may");
        }
    }
    missing(connection)
}

/// What a database gets that is copied from one where nothing is missing: rights on a database, and its settings, are not
/// copied. Its name is ours, so it needs no quotes.
#[must_use]
pub fn of_copy(database: &str) -> String {
    format!(
        "revoke connect, temporary on database {database} from public;
        grant connect on database {database} to peerage_owner, peerage_app, peerage_asterisk, peerage_asterisk_sites, peerage_report;
        alter database {database} set temp_file_limit = '{TEMP_FILE_LIMIT}';"
    )
}

/// Keeps everybody but superusers out of the databases that PostgreSQL brings along, for a server that is Peerage's alone.
///
/// # Errors
///
/// The session is no superuser's.
pub fn close_others(connection: &mut PgConnection) -> Result<(), DieselError> {
    connection.batch_execute(include_str!("hardening/close_others.sql"))
}
