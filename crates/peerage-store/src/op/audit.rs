use diesel::prelude::*;
use jiff_diesel::ToDiesel;

use crate::pool::Store;
use crate::row::audit::AuditRow;
use crate::schema::audit_entry;
use crate::{AuditEntry, AuditFilter, Entity, StoreError};

impl Store {
    /// The changes that meet the filter, the newest first.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        self.read(|connection| {
            let mut query = audit_entry::table
                .select(AuditRow::as_select())
                .order(audit_entry::id.desc())
                .into_boxed();
            if let Some(subject) = &filter.subject {
                query = query.filter(audit_entry::subject.eq(subject));
            }
            if let Some(relation) = &filter.relation {
                query = query.filter(audit_entry::relation.eq(relation));
            }
            if let Some(actor) = &filter.actor {
                query = query.filter(audit_entry::actor.eq(actor));
            }
            if let Some(since) = filter.since {
                query = query.filter(audit_entry::at.ge(since.to_diesel()));
            }
            if let Some(before) = filter.before_id {
                query = query.filter(audit_entry::id.lt(before));
            }
            if let Some(limit) = filter.limit {
                query = query.limit(limit.into());
            }
            let rows: Vec<AuditRow> = query.load(connection)?;
            Ok(rows.into_iter().map(AuditEntry::from).collect())
        })
    }

    /// One change.
    ///
    /// # Errors
    ///
    /// There is none of this number.
    pub fn audit_entry(&self, id: i64) -> Result<AuditEntry, StoreError> {
        self.read(|connection| {
            let row: Option<AuditRow> = audit_entry::table
                .find(id)
                .select(AuditRow::as_select())
                .first(connection)
                .optional()?;
            row.map(AuditEntry::from)
                .ok_or_else(|| StoreError::unknown(Entity::AuditEntry, id))
        })
    }
}
