//! What an operation says when it does not do what was asked.

use std::fmt;

use diesel::ConnectionError;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use peerage_model::Invalid;

mod advice;
mod constraint;

pub use advice::{Advice, Entity};

use crate::pool::SHARED;

/// Why an operation did nothing.
///
/// Its text never holds a secret or a digest. The database's own detail, which can show a whole row, is not taken over, and
/// there is no `source()` that would have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// There is nothing of this name.
    NotFound(Refusal),
    /// It contradicts what is there: a number is taken, a site is in use.
    Conflict(Refusal),
    /// A value breaks the rule of its field.
    Invalid(Refusal),
    /// Somebody else holds what is needed. Nothing is wrong with the request: try it again.
    Busy(Refusal),
    /// The database does not answer.
    Unavailable(Refusal),
    /// Anything else: the database is not as this version expects it, or a right is missing.
    Other(Refusal),
}

/// What an error says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    message: String,
    advice: Option<Advice>,
    field: Option<String>,
    constraint: Option<String>,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            advice: None,
            field: None,
            constraint: None,
        }
    }

    pub(crate) fn hint(mut self, advice: impl Into<Advice>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn constraint(mut self, constraint: Option<&str>) -> Self {
        self.constraint = constraint.map(str::to_owned);
        self
    }
}

/// Why an edit did nothing whose changes were decided while the row was locked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError<E> {
    /// Whoever decided found a reason.
    #[error("the edit was refused")]
    Refused(E),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

impl<E> From<StoreError> for EditError<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<E> From<DieselError> for EditError<E> {
    fn from(error: DieselError) -> Self {
        Self::Store(error.into())
    }
}

impl StoreError {
    /// There is nothing of this kind and name.
    pub(crate) fn unknown(kind: Entity, name: impl fmt::Display) -> Self {
        Self::NotFound(Refusal::new(format!("there is no {kind} `{name}`")).hint(Advice::List(kind)))
    }

    pub(crate) fn conflict(message: impl Into<String>, hint: impl Into<Advice>) -> Self {
        Self::Conflict(Refusal::new(message).hint(hint))
    }

    /// The process ends, and the operation was not begun.
    pub fn stopping() -> Self {
        Self::Unavailable(Refusal::new("the service is stopping").hint("try again in a moment"))
    }

    /// The error as a sentence: lower case, without a full stop.
    pub fn message(&self) -> String {
        self.refusal().message.clone()
    }

    /// What to do about it, for a face that has its own words for it.
    pub fn advice(&self) -> Option<&Advice> {
        self.refusal().advice.as_ref()
    }

    /// What to do about it, in words that name no command, endpoint, page or setting.
    pub fn hint(&self) -> Option<String> {
        self.advice().map(Advice::to_string)
    }

    /// The field at fault, by the name of its column or of its parser.
    pub fn field(&self) -> Option<&str> {
        self.refusal().field.as_deref()
    }

    /// The same error as one about a field, by the name that the caller has for it.
    #[must_use]
    pub fn about(mut self, field: &str) -> Self {
        self.refusal_mut().field = Some(field.to_owned());
        self
    }

    /// The same error with other words on what to do about it.
    #[must_use]
    pub(crate) fn advise(mut self, hint: impl Into<String>) -> Self {
        self.refusal_mut().advice = Some(Advice::Words(hint.into()));
        self
    }

    /// The constraint that was broken, when the database found the fault.
    pub fn constraint(&self) -> Option<&str> {
        self.refusal().constraint.as_deref()
    }

    /// Whether the database's machine has no room left: a full disk, or no memory.
    pub fn is_out_of_room(&self) -> bool {
        matches!(self, Self::Unavailable(_)) && OUT_OF_ROOM.iter().any(|said| self.refusal().message.contains(said))
    }

    /// Whether others held what it needed for too long, so that the same may well succeed at the next attempt.
    pub(crate) fn is_contended(&self) -> bool {
        let said = &self.refusal().message;
        matches!(self, Self::Busy(_)) && (said.contains("due to lock timeout") || said.contains("deadlock detected"))
    }

    fn refusal_mut(&mut self) -> &mut Refusal {
        match self {
            Self::NotFound(refusal)
            | Self::Conflict(refusal)
            | Self::Invalid(refusal)
            | Self::Busy(refusal)
            | Self::Unavailable(refusal)
            | Self::Other(refusal) => refusal,
        }
    }

    fn refusal(&self) -> &Refusal {
        match self {
            Self::NotFound(refusal)
            | Self::Conflict(refusal)
            | Self::Invalid(refusal)
            | Self::Busy(refusal)
            | Self::Unavailable(refusal)
            | Self::Other(refusal) => refusal,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.refusal().message)
    }
}

impl std::error::Error for StoreError {}

impl From<Invalid> for StoreError {
    fn from(error: Invalid) -> Self {
        Self::Invalid(Refusal::new(error.to_string()).field(error.field()))
    }
}

impl From<peerage_model::NoRandomness> for StoreError {
    fn from(error: peerage_model::NoRandomness) -> Self {
        Self::Other(Refusal::new(error.to_string()))
    }
}

impl From<ConnectionError> for StoreError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::BadConnection(said) => unavailable(&said),
            other => Self::Unavailable(Refusal::new(format!("cannot connect to the database: {other}"))),
        }
    }
}

pub(crate) fn unavailable(said: &str) -> StoreError {
    // PostgreSQL's words, for a refusal of a connection carries no SQLSTATE here.
    let hint = if said.contains("permission denied for database") {
        Advice::from(
            "the login has no right to it: `grant peerage_app to LOGIN` gives it what command and service need",
        )
    } else if said.contains("password authentication failed") {
        Advice::DatabasePassword
    } else if said.contains("does not exist") {
        Advice::DatabaseNames
    } else {
        Advice::DatabaseServer
    };
    StoreError::Unavailable(Refusal::new(format!("cannot connect to the database: {}", said.trim_end())).hint(hint))
}

/// The URL leads through a pooler whose sessions are not ours alone.
pub(crate) fn pooled() -> StoreError {
    StoreError::Other(
        Refusal::new("the database URL leads through a pooler that shares sessions between clients, such as PgBouncer in transaction mode")
            .hint("let the URL go past the pooler, or through one in session mode (`pool_mode = session`)"),
    )
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, information) => of_database(&kind, information.as_ref()),
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            // The connection broke within a transaction, and what broke it was told to nobody.
            DieselError::BrokenTransactionManager => unavailable("the connection broke"),
            DieselError::NotFound => Self::NotFound(Refusal::new("it is no longer there")),
            other => Self::Other(Refusal::new(other.to_string())),
        }
    }
}

fn of_database(kind: &DatabaseErrorKind, said: &dyn DatabaseErrorInformation) -> StoreError {
    let named = said.constraint_name();
    if let Some(known) = named.and_then(constraint::find) {
        let refusal = Refusal {
            field: known.field().map(str::to_owned),
            ..Refusal::new(known.message(said.details())).hint(known.advice())
        };
        return StoreError::Conflict(refusal.constraint(named));
    }
    let refusal = Refusal::new(said.message()).constraint(named);
    match kind {
        DatabaseErrorKind::CheckViolation => StoreError::Invalid(Refusal {
            field: said.column_name().map(str::to_owned),
            ..refusal
        }),
        DatabaseErrorKind::NotNullViolation => StoreError::Invalid(refusal),
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::ExclusionViolation => StoreError::Conflict(refusal),
        DatabaseErrorKind::SerializationFailure => busy(refusal),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => unavailable(said.message()),
        _ => by_message(refusal),
    }
}

/// What the server says when it has no room left (53100, 53200).
const OUT_OF_ROOM: &[&str] = &[
    "No space left on device",
    "Disk quota exceeded",
    "out of memory",
    "out of shared memory",
];

fn busy(refusal: Refusal) -> StoreError {
    StoreError::Busy(refusal.hint("somebody else is changing the same thing: try again"))
}

/// What the server (57P01 to 57P05, 53300, 25006) and libpq say when the connection is lost or there is none to be had.
///
/// # Source
///
/// PostgreSQL 15, `src/interfaces/libpq` (`fe-misc.c`, `fe-exec.c`, `fe-secure.c`, `fe-secure-openssl.c`), `tcop/postgres.c`.
const LOST: &[&str] = &[
    "terminating connection",
    "the database system is",
    "is not currently accepting connections",
    "remaining connection slots",
    "too many clients already",
    "too many connections for",
    // The server that is reached is no primary, or is none any more.
    "in a read-only transaction",
    "cannot execute during recovery",
    "server closed the connection",
    "server conn crashed",
    "no connection to the server",
    "connection not open",
    "connection to server",
    "could not receive data from server",
    "could not send data to server",
    "lost synchronization with server",
    "SSL connection has been closed",
    "SSL SYSCALL error",
    "SSL error",
    "Connection reset by peer",
    "Connection timed out",
    "Broken pipe",
];

/// diesel tells no SQLSTATE, so what it calls unknown is known by PostgreSQL's English text, which the connection asks for. In
/// another language, where that could not be had, these errors are `Other`: less helpful, not wrong.
fn by_message(refusal: Refusal) -> StoreError {
    let says = |part: &str| refusal.message.contains(part);
    // 26000, 42P05 and 08P01 of statements that another client's session has, or lacks.
    if says(SHARED) || says("prepared statement \"__diesel_stmt_") {
        return pooled();
    }
    if OUT_OF_ROOM.iter().any(|part| says(part)) {
        return StoreError::Unavailable(
            refusal.hint("the database's machine has no room left: make room there (disk, memory); what was asked for has not been done"),
        );
    }
    // 55P03 and 40P01.
    if says("due to lock timeout") || says("deadlock detected") || says("could not obtain lock") {
        return busy(refusal);
    }
    if LOST.iter().any(|part| says(part)) {
        return unavailable(&refusal.message);
    }
    // 57014, by an administrator's `pg_cancel_backend`.
    if says("due to user request") {
        return busy(refusal);
    }
    // 2BP01, of `drop role`.
    if says("cannot be dropped because some objects depend on it") {
        return StoreError::Conflict(refusal.hint(
            "the role has rights in another database of this server, or owns something: `drop owned by` it there, then try again",
        ));
    }
    if says("due to statement timeout") {
        return StoreError::Busy(refusal.hint("the database took too long: try again when it has less to do"));
    }
    if says("permission denied to create role")
        || says("permission denied to alter role")
        || says("permission denied to drop role")
        || says("must have admin option")
    {
        return StoreError::Other(refusal.hint(Advice::OwnerRoles));
    }
    if says("permission denied") {
        return StoreError::Other(refusal.hint(Advice::EverydayRights));
    }
    if says("does not exist") {
        return StoreError::Other(refusal.hint(Advice::Migrate));
    }
    StoreError::Other(refusal)
}

#[cfg(test)]
mod tests;
