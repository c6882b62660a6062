//! Who changed what.

use axum::extract::State;
use jiff::Timestamp;
use peerage_store::AuditFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::limit;
use super::types;
use crate::app::App;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// The change of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfEntry {
    /// Its id.
    id: i64,
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only changes of this number, name or user name.
    #[param(max_length = 200)]
    subject: Option<String>,
    /// Only changes of this table.
    #[param(max_length = 63)]
    relation: Option<String>,
    /// Only changes by this actor.
    #[param(max_length = 200)]
    actor: Option<String>,
    /// Only changes at or after this time.
    #[param(value_type = Option<types::Timestamp>)]
    since: Option<Timestamp>,
    /// Only entries before this ID: `next` of the previous page.
    before: Option<i64>,
    /// Maximum number of entries; default 100.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// One change of one row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// ID; increases with each change.
    id: i64,
    /// When.
    #[schema(value_type = types::Timestamp)]
    at: Timestamp,
    /// The actor of an operation, or else the database user with its application name.
    actor: String,
    /// Client address of a request to the service; null otherwise.
    #[schema(required)]
    address: Option<String>,
    /// Table of the schema `peerage`.
    relation: String,
    /// The row's `id`.
    row_id: i64,
    /// Number, name or user name of the row at that time.
    #[schema(required)]
    subject: Option<String>,
    /// `insert`, `update` or `delete`.
    operation: String,
    /// Values before: the whole row on delete, the changed columns on update.
    #[schema(value_type = Option<Object>, required)]
    before: Option<serde_json::Value>,
    /// Values after: the whole row on insert, the changed columns on update. Secrets are `set` or `changed`.
    #[schema(value_type = Option<Object>, required)]
    after: Option<serde_json::Value>,
}

impl From<peerage_store::AuditEntry> for AuditEntry {
    fn from(entry: peerage_store::AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: entry.actor,
            address: entry.address,
            relation: entry.relation,
            row_id: entry.row_id,
            subject: entry.subject,
            operation: entry.operation,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntries {
    /// The changes, newest first.
    items: Vec<AuditEntry>,
    /// The value of `before` for the next page; null on the last one.
    #[schema(required)]
    next: Option<i64>,
}

/// List changes
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", operation_id = "list_audit",
    params(AuditQuery), responses((status = 200, description = "A page of changes", body = AuditEntries)))]
async fn list(State(app): State<App>, Query(query): Query<AuditQuery>) -> Result<Json<AuditEntries>, Problem> {
    let limit = limit(query.limit)?;
    let filter = AuditFilter {
        subject: query.subject,
        relation: query.relation,
        actor: query.actor,
        since: query.since,
        before_id: query.before,
        limit: Some(limit + 1),
    };
    let found = app.db(move |store| store.audit(&filter)).await?;
    let mut items: Vec<AuditEntry> = found.into_iter().map(AuditEntry::from).collect();
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next = items.last().map(|last| last.id).filter(|_| more);
    Ok(Json(AuditEntries { items, next }))
}

/// Show a change
#[utoipa::path(get, path = "/api/v1/audit/{id}", tag = "audit", operation_id = "get_audit_entry",
    params(OfEntry), responses((status = 200, description = "The change", body = AuditEntry)))]
async fn get(State(app): State<App>, Path(of): Path<OfEntry>) -> Result<Json<AuditEntry>, Problem> {
    let entry = app.db(move |store| store.audit_entry(of.id)).await?;
    Ok(Json(entry.into()))
}
