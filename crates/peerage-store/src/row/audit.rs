use diesel::prelude::*;
use jiff_diesel::Timestamp;
use serde_json::Value;

use crate::AuditEntry;
use crate::schema::audit_entry;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = audit_entry, check_for_backend(diesel::pg::Pg))]
pub(crate) struct AuditRow {
    id: i64,
    #[diesel(deserialize_as = Timestamp)]
    at: jiff::Timestamp,
    actor: String,
    address: Option<String>,
    relation: String,
    row_id: i64,
    subject: Option<String>,
    operation: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor,
            address: row.address,
            relation: row.relation,
            row_id: row.row_id,
            subject: row.subject,
            operation: row.operation,
            before: row.before,
            after: row.after,
        }
    }
}
