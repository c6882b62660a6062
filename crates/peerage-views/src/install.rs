//! Puts the code of the schema `peerage` and the views in force, all in one transaction, or leaves the old ones as they are.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Array, Nullable, Text};
use diesel::{Connection, OptionalExtension, QueryableByName, RunQueryDsl};
use peerage_store::Advice;
use peerage_store::hardening::{self, Missing};
use peerage_store::migrate::{self, MigrateError};

use crate::code::{CODE, OF_MIGRATIONS};
use crate::plan::{Plan, Refusal, plan};
use crate::script::compile;
use crate::source::Source;
use crate::verify::Drift;

/// How often an install that meets a busy view tries again. Each try waits for a lock for 250 ms at the most, so that
/// lookups queue behind its waiting no longer than that; once it has the locks they wait until it has ended. The tries together give
/// a long transaction half a minute to end.
const ATTEMPTS: u32 = 60;

/// What an install did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Migrations that ran, by name.
    pub migrations: Vec<String>,
    /// What became of the views.
    pub views: Plan,
    /// How many tries met a busy view before this one.
    pub retries: u32,
    /// What keeps logins in their place and the session may not put in force, with the statements for whoever may.
    pub missing: Vec<Missing>,
    /// What is still otherwise than the files say after something that was changed by hand was put right: tables, which an
    /// install leaves alone. The database stays unready.
    pub differences: Vec<Drift>,
}

/// Why an install could not be done. The old views are in force.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// The roles or a migration.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The database has never been migrated.
    #[error("this database has no canonical tables yet")]
    NotMigrated,
    /// Migrations are pending, so the views would not fit the tables.
    #[error("migrations are pending: {}", .0.join(", "))]
    Pending(Vec<String>),
    /// What is installed may not be replaced by this.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A reader held a view for as long as we tried.
    #[error("a view is in use by a transaction that does not end")]
    Busy,
    /// Another statement failed.
    #[error(transparent)]
    Database(#[from] DieselError),
}

impl InstallError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        match self {
            Self::NotMigrated | Self::Pending(_) => Some(Advice::Migrate),
            Self::Busy => Some(Advice::from(
                "find it with `select pid, query, xact_start from pg_stat_activity where state <> 'idle' order by xact_start`, \
                 and try again when it has ended",
            )),
            Self::Refused(_) => Some(Advice::from(
                "install the release of Peerage that made these views, or a later one",
            )),
            Self::Migrate(MigrateError::Rights(lacking)) => Some(lacking.advice()),
            Self::Migrate(MigrateError::Newer(_)) => Some(Advice::from(
                "nothing was changed: install that release of Peerage here, or a later one",
            )),
            Self::Migrate(MigrateError::Roles { .. }) => Some(Advice::from(
                "run this as a superuser, or as a role that may create roles (alter role ... createrole)",
            )),
            _ => None,
        }
    }
}

/// Runs the pending migrations and installs the views, in one transaction; makes the roles first.
///
/// # Errors
///
/// [`InstallError`]; nothing of the run remains then.
pub fn migrate(conn: &mut PgConnection) -> Result<Installed, InstallError> {
    migrate::check_rights(conn)?;
    migrate::prepare_roles(conn)?;
    let mut installed = attempts(conn, false, |conn| {
        migrate::begin(conn)?;
        let migrations = migrate::pending(conn)?;
        if !migrations.is_empty() {
            // A table cannot change its columns under a view, and a migration runs without triggers.
            drop_views(conn)?;
            drop_code(conn)?;
            migrate::run_pending(conn)?;
        }
        let views = replace(conn, false)?;
        hardening::grant_called(conn)?;
        note(conn, &views)?;
        Ok((migrations, views))
    })?;
    installed.missing = hardening::mend(conn)?;
    Ok(installed)
}

/// Installs the views alone.
///
/// # Errors
///
/// [`InstallError`]; the old views are in force then.
pub fn install(conn: &mut PgConnection) -> Result<Installed, InstallError> {
    put(conn, false)
}

/// Installs the views alone, also when they are in force already: what [`crate::verify`] found to differ is mended.
///
/// # Errors
///
/// [`InstallError`]; the old views are in force then.
pub fn install_again(conn: &mut PgConnection) -> Result<Installed, InstallError> {
    put(conn, true)
}

fn put(conn: &mut PgConnection, again: bool) -> Result<Installed, InstallError> {
    migrate::check_rights(conn)?;
    attempts(conn, again, |conn| {
        if !migrate::is_initialised(conn)? {
            return Err(InstallError::NotMigrated);
        }
        migrate::begin(conn)?;
        let pending = migrate::pending(conn)?;
        if !pending.is_empty() {
            return Err(InstallError::Pending(pending));
        }
        let views = replace(conn, again)?;
        hardening::grant_called(conn)?;
        note(conn, &views)?;
        Ok((Vec::new(), views))
    })
}

/// What [`migrate()`] would do. Nothing is changed; the locks that a migration takes are held for the moment of trying.
///
/// # Errors
///
/// [`InstallError`], as [`migrate()`] would give it.
pub fn preview(conn: &mut PgConnection) -> Result<Installed, InstallError> {
    migrate::check_rights(conn)?;
    if !migrate::is_initialised(conn)? {
        let script = compile();
        return Ok(Installed {
            migrations: migrate::names()?,
            views: plan(None, &BTreeMap::new(), &script)?,
            retries: 0,
            missing: Vec::new(),
            differences: Vec::new(),
        });
    }
    let mut found = None;
    let result = conn.transaction(|conn| {
        migrate::begin(conn)?;
        found = Some(Installed {
            migrations: migrate::pending(conn)?,
            views: plan(installed_hash(conn)?.as_deref(), &installed_columns(conn)?, &compile())?,
            retries: 0,
            missing: Vec::new(),
            differences: Vec::new(),
        });
        Err::<(), InstallError>(DieselError::RollbackTransaction.into())
    });
    match (found, result) {
        (Some(installed), _) => Ok(installed),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(InstallError::NotMigrated),
    }
}

fn attempts(
    conn: &mut PgConnection,
    again: bool,
    mut run: impl FnMut(&mut PgConnection) -> Result<(Vec<String>, Plan), InstallError>,
) -> Result<Installed, InstallError> {
    for retries in 0..ATTEMPTS {
        let result = conn.transaction(|conn| {
            conn.batch_execute("set local lock_timeout = '250ms'")?;
            let was_changed = again || was_changed(conn)?;
            Ok((run(conn)?, was_changed))
        });
        match result {
            Ok(((migrations, views), was_changed)) => {
                let differences = match was_changed {
                    true => differences(conn)?,
                    false => Vec::new(),
                };
                return Ok(Installed {
                    migrations,
                    views,
                    retries,
                    missing: Vec::new(),
                    differences,
                });
            }
            Err(error) if is_busy(&error) => {
                tracing::info!(retries, "a view is in use; trying again");
                std::thread::sleep(std::time::Duration::from_millis(250));
            }
            Err(error) => return Err(error),
        }
    }
    Err(InstallError::Busy)
}

/// Lock not available (55P03) or deadlock (40P01): diesel knows neither by name, so by PostgreSQL's words for them. A schema
/// that another first run has just made is one more reason to begin anew.
fn is_busy(error: &InstallError) -> bool {
    let text = match error {
        InstallError::Database(DieselError::DatabaseError(kind, information)) => {
            if matches!(kind, DatabaseErrorKind::SerializationFailure) {
                return true;
            }
            information.message().to_string()
        }
        InstallError::Migrate(MigrateError::Migration(text)) => text.clone(),
        InstallError::Migrate(MigrateError::Database(error)) => error.to_string(),
        _ => return false,
    };
    ["lock timeout", "deadlock detected", "pg_namespace_nspname_index"]
        .iter()
        .any(|busy| text.contains(busy))
}

fn replace(conn: &mut PgConnection, again: bool) -> Result<Plan, InstallError> {
    let script = compile();
    let newest = newest(conn)?;
    let in_force = newest.as_ref().filter(|_| !again);
    let in_force = if all_there(conn)? && !was_changed(conn)? {
        in_force
    } else {
        None
    };
    let decided = plan(
        in_force.map(|installed| installed.content_hash.as_str()),
        &installed_columns(conn)?,
        &script,
    )?;
    if decided == Plan::Unchanged {
        return Ok(decided);
    }
    drop_views(conn)?;
    if in_force.is_none_or(|installed| installed.code_hash != script.code.hash) {
        drop_code(conn)?;
        conn.batch_execute(&script.code.sql)?;
    }
    conn.batch_execute(&script.sql)?;
    if newest.is_none_or(|installed| installed.mapping_hash != script.code.mapping_hash) {
        diesel::sql_query("select peerage.serve_all()").execute(conn)?;
    }
    diesel::sql_query(
        "insert into peerage.view_install (content_hash, code_hash, mapping_hash, version) values ($1, $2, $3, $4)",
    )
    .bind::<Text, _>(&script.hash)
    .bind::<Text, _>(&script.code.hash)
    .bind::<Text, _>(&script.code.mapping_hash)
    .bind::<Text, _>(env!("CARGO_PKG_VERSION"))
    .execute(conn)?;
    Ok(decided)
}

/// Whether something in the schemas is otherwise than when it was installed.
fn was_changed(conn: &mut PgConnection) -> Result<bool, InstallError> {
    if !migrate::is_initialised(conn)? {
        return Ok(false);
    }
    let Some(of_install) = newest(conn)?.and_then(|newest| newest.fingerprint) else {
        return Ok(false);
    };
    conn.batch_execute("set local search_path = pg_catalog, pg_temp")?;
    let now = peerage_store::fingerprint(conn)?;
    Ok(of_install.starts_with(DIFFERS) || peerage_store::fingerprints_differ(&of_install, &now))
}

/// In place of the hash of an install that left something otherwise than the files say.
const DIFFERS: &str = "differs";

/// What an install could not put right, comments apart. The newest install then counts as changed, so that the database stays
/// unready.
fn differences(conn: &mut PgConnection) -> Result<Vec<Drift>, InstallError> {
    let mut found = crate::verify::verify(conn)?;
    found.retain(|drift| !drift.fact.starts_with("comment: "));
    if !found.is_empty() {
        diesel::sql_query(
            "update peerage.view_install
             set fingerprint = $1 || substring(fingerprint from ' .*$')
             where id = (select max(id) from peerage.view_install)",
        )
        .bind::<Text, _>(DIFFERS)
        .execute(conn)?;
    }
    Ok(found)
}

/// Whether each view and function of this release is there: the ledger alone does not know what somebody has dropped.
fn all_there(conn: &mut PgConnection) -> Result<bool, InstallError> {
    let wanted: Vec<String> = crate::wanted()
        .names
        .iter()
        .map(|(schema, name)| format!("{schema}.{name}"))
        .collect();
    let functions: Vec<&str> = CODE
        .iter()
        .filter(|source| source.makes_function())
        .map(Source::name)
        .collect();
    let there: There = diesel::sql_query(
        "select
           not exists (
             select
             from unnest($1::text[]) as name
             where pg_catalog.to_regclass(name) is null
           )
           and not exists (
             select
             from unnest($2::text[]) as name
             where not exists (
               select
               from pg_catalog.pg_proc as proc
               where proc.pronamespace = 'peerage'::regnamespace
                 and proc.proname = name
             )
           ) as there",
    )
    .bind::<Array<Text>, _>(wanted)
    .bind::<Array<Text>, _>(functions)
    .get_result(conn)?;
    Ok(there.there)
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    there: bool,
}

/// Writes beside the newest install what then stood in the schemas, after all of it was granted. Also beside one that stays, when
/// what was written cannot be compared: by another release of PostgreSQL, or of Peerage.
fn note(conn: &mut PgConnection, views: &Plan) -> Result<(), InstallError> {
    conn.batch_execute("set local search_path = pg_catalog, pg_temp")?;
    let fingerprint = peerage_store::fingerprint(conn)?;
    let known = newest(conn)?.and_then(|newest| newest.fingerprint);
    if *views == Plan::Unchanged && known.is_some_and(|known| peerage_store::fingerprints_compare(&known, &fingerprint))
    {
        return Ok(());
    }
    diesel::sql_query(
        "update peerage.view_install
         set fingerprint = $1
         where id = (select max(id) from peerage.view_install)",
    )
    .bind::<Text, _>(&fingerprint)
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Text)]
    content_hash: String,
    #[diesel(sql_type = Text)]
    code_hash: String,
    #[diesel(sql_type = Text)]
    mapping_hash: String,
    #[diesel(sql_type = Nullable<Text>)]
    fingerprint: Option<String>,
}

/// The newest install.
fn newest(conn: &mut PgConnection) -> Result<Option<Newest>, DieselError> {
    diesel::sql_query(
        "select
           content_hash,
           code_hash,
           mapping_hash,
           fingerprint
         from peerage.view_install
         order by id desc
         limit 1",
    )
    .get_result(conn)
    .optional()
}

/// Hash of the views in force; none when there are none.
pub(crate) fn installed_hash(conn: &mut PgConnection) -> Result<Option<String>, DieselError> {
    let newest: Option<Newest> = diesel::sql_query(
        "select
           content_hash,
           code_hash,
           mapping_hash,
           fingerprint
         from peerage.view_install
         where exists (
           select
           from pg_catalog.pg_class
           where relnamespace = 'asterisk'::regnamespace
         )
         order by id desc
         limit 1",
    )
    .get_result(conn)
    .optional()?;
    Ok(newest.map(|row| row.content_hash))
}

#[derive(QueryableByName)]
struct Columns {
    #[diesel(sql_type = Text)]
    view: String,
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
}

/// Columns of the views in force, in order.
pub(crate) fn installed_columns(conn: &mut PgConnection) -> Result<BTreeMap<String, Vec<String>>, DieselError> {
    let rows: Vec<Columns> = diesel::sql_query(
        "select
           class.relname::text as view,
           array_agg(attribute.attname::text order by attribute.attnum) as columns
         from pg_catalog.pg_class as class
           join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid
         where class.relnamespace in ('asterisk'::regnamespace, 'report'::regnamespace)
           and class.relkind = 'v'
           and attribute.attnum > 0
         group by class.relname",
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.view, row.columns)).collect())
}

/// Drops what stands in the views' schemas, without cascade: what somebody else built on it makes this fail with its name.
fn drop_views(conn: &mut PgConnection) -> Result<(), DieselError> {
    conn.batch_execute(include_str!("install/drop.sql"))
}

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    statement: String,
}

/// Drops triggers, views and functions of the schema `peerage`, but for the functions of migrations; without cascade.
pub(crate) fn drop_code(conn: &mut PgConnection) -> Result<(), DieselError> {
    let statements: Vec<Statement> = diesel::sql_query(include_str!("install/drop_code.sql"))
        .bind::<Array<Text>, _>(OF_MIGRATIONS.as_slice())
        .load(conn)?;
    for Statement { statement } in statements {
        conn.batch_execute(&statement)?;
    }
    Ok(())
}
