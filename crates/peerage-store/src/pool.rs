//! The connections, and the transactions that operations run in.

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::error::pooled;
use crate::rights::{self, Work};
use crate::{Actor, DatabaseUrl, StoreError};

mod places;

use places::{Place, Places};

/// What each session sets.
///
/// The lock timeout stays under the statement timeout, so that a lock is named as the reason. English messages tell errors apart for which
/// diesel has no name; only a superuser may ask for them. Our statements are too short for JIT compilation to pay off.
const SESSION: &str = "
set statement_timeout = '30s';
set lock_timeout = '5s';
set idle_in_transaction_session_timeout = '60s';
set timezone = 'UTC';
set jit = off;
do $$
begin
  perform pg_catalog.set_config('lc_messages', 'C', false);
exception
  when insufficient_privilege then
    null;
end
$$;
";

/// Keeps other schemas' objects out of our statements, whatever the role's or the database's own setting names.
pub const SEARCH_PATH: &str = "set search_path = pg_catalog, pg_temp";

/// The database, as one actor sees it. Cloning is cheap: clones share the connections.
#[derive(Clone)]
pub struct Store {
    pool: Arc<Places>,
    actor: Actor,
    /// Where the owner's login signs in, for what everyday rights do not allow.
    owner: Option<Arc<DatabaseUrl>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Connects. Further connections are made when they are needed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when there is no connection to be had; [`StoreError::Other`] when the URL leads through a pooler that shares
    /// sessions.
    pub fn open(url: &DatabaseUrl, actor: Actor) -> Result<Self, StoreError> {
        let store = Self::lazy(url, actor);
        let first = store.pool.take()?;
        if is_given_again(url)? {
            return Err(pooled());
        }
        drop(first);
        Ok(store)
    }

    /// The database of a URL, without a connection yet: for whoever waits until there is one.
    pub fn lazy(url: &DatabaseUrl, actor: Actor) -> Self {
        Self {
            pool: Places::new(url.clone()),
            actor,
            owner: None,
        }
    }

    /// The same database for another actor.
    #[must_use]
    pub fn with_actor(&self, actor: Actor) -> Self {
        Self {
            pool: self.pool.clone(),
            actor,
            owner: self.owner.clone(),
        }
    }

    /// The same database, with the login of its owner for what everyday rights do not allow: the roles of nodes. A connection is made when
    /// one is needed, and closed after it. Without it these operations use the everyday login, and are refused unless it has the rights.
    #[must_use]
    pub fn with_owner(mut self, owner: Option<DatabaseUrl>) -> Self {
        self.owner = owner.map(Arc::new);
        self
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Runs a transaction that changes something. The audit learns who acts.
    pub(crate) fn write<T, E>(&self, work: impl FnOnce(&mut PgConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + From<diesel::result::Error>,
    {
        self.transaction(&mut *self.connection()?, work)
    }

    /// As [`Store::write`], as the database's owner: for operations that change roles. What the login lacks for that is said first.
    pub(crate) fn write_as_owner<T, E>(&self, work: impl FnOnce(&mut PgConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError> + From<diesel::result::Error>,
    {
        let work = |connection: &mut PgConnection| match rights::lacking(connection, Work::Nodes)? {
            Some(lacking) => Err(StoreError::from(lacking).into()),
            None => work(connection),
        };
        match &self.owner {
            Some(owner) => self.transaction(&mut session(owner)?, work),
            None => self.write(work),
        }
    }

    fn transaction<T, E>(
        &self,
        connection: &mut PgConnection,
        work: impl FnOnce(&mut PgConnection) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError> + From<diesel::result::Error>,
    {
        connection.transaction(|connection| {
            diesel::sql_query(
                "select
                   pg_catalog.set_config('peerage.actor', $1, true),
                   pg_catalog.set_config('peerage.address', $2, true)",
            )
            .bind::<Text, _>(self.actor.as_str())
            .bind::<Text, _>(self.actor.address())
            .execute(connection)?;
            work(connection)
        })
    }

    /// Runs a transaction that only reads. All its statements see the same moment.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection()?;
        connection.build_transaction().read_only().repeatable_read().run(work)
    }

    fn connection(&self) -> Result<Place, StoreError> {
        self.pool.take()
    }
}

/// A connection of one's own, without the limits of an operation: for migrations and the install of the views, which bring theirs.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when there is no connection to be had; [`StoreError::Other`] when the URL leads through a pooler that shares
/// sessions.
pub fn connect(url: &DatabaseUrl) -> Result<PgConnection, StoreError> {
    let connection = plain(url)?;
    if is_given_again(url)? {
        return Err(pooled());
    }
    Ok(connection)
}

/// Whether the URL leads through a pooler that gives a session to several clients, such as PgBouncer in transaction mode.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when there is no connection to be had.
pub fn shares_sessions(url: &DatabaseUrl) -> Result<bool, StoreError> {
    match plain(url) {
        Ok(marked) => {
            let shared = is_given_again(url);
            drop(marked);
            shared
        }
        Err(error) if error == pooled() => Ok(true),
        Err(error) => Err(error),
    }
}

/// Whether a new session is one that has our mark already, while another of ours is open and at rest: a pooler gives the one that was
/// used last.
fn is_given_again(url: &DatabaseUrl) -> Result<bool, StoreError> {
    match plain(url) {
        Ok(_own) => Ok(false),
        Err(error) if error == pooled() => Ok(true),
        Err(error) => Err(error),
    }
}

/// Marks a session, or fails with [`SHARED`] where it has a mark already.
const MARK: &str = "
do $$
begin
  if coalesce(pg_catalog.current_setting('peerage.session', true), '') <> '' then
    raise exception 'peerage: this session is shared';
  end if;
end
$$;
set peerage.session = 'taken';
";

/// What [`MARK`] says of a session that others have.
pub(crate) const SHARED: &str = "peerage: this session is shared";

fn plain(url: &DatabaseUrl) -> Result<PgConnection, StoreError> {
    let mut connection = PgConnection::establish(&url.for_libpq())?;
    connection.batch_execute(SEARCH_PATH)?;
    connection.batch_execute(MARK)?;
    if !url.names_application() {
        connection.batch_execute("set application_name = 'peerage'")?;
    }
    Ok(connection)
}

/// A connection with the limits of an operation.
fn session(url: &DatabaseUrl) -> Result<PgConnection, StoreError> {
    let mut connection = plain(url)?;
    connection.batch_execute(SESSION)?;
    Ok(connection)
}
