use jiff::Timestamp;

/// One change of one row.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AuditEntry {
    /// Order of the changes.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who: the actor of an operation, else the database user with its application name.
    pub actor: String,
    /// Where a request to the service came from; none for everything else.
    pub address: Option<String>,
    /// Table of the schema `peerage`.
    pub relation: String,
    /// The row's `id`.
    pub row_id: i64,
    /// Number, name or user name of the row at that time; none when it has none of them.
    pub subject: Option<String>,
    /// `insert`, `update` or `delete`.
    pub operation: String,
    /// Values before: the whole row on delete, the changed columns on update.
    pub before: Option<serde_json::Value>,
    /// Values after: the whole row on insert, the changed columns on update. Secrets are `set` or `changed`.
    pub after: Option<serde_json::Value>,
}

/// Which changes to list, the newest first; all of them by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only those of rows of this number, name or user name.
    pub subject: Option<String>,
    /// Only those of this table.
    pub relation: Option<String>,
    /// Only those by this actor.
    pub actor: Option<String>,
    /// Only those at this time or later.
    pub since: Option<Timestamp>,
    /// Only those before this one: the last of the page before.
    pub before_id: Option<i64>,
    /// At most so many.
    pub limit: Option<u32>,
}
