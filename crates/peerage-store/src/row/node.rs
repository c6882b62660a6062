use diesel::prelude::*;
use jiff_diesel::Timestamp;

use super::parsed;
use crate::schema::node;
use crate::{Node, RoleName, StoreError};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = node, check_for_backend(diesel::pg::Pg))]
pub(crate) struct NodeRow {
    pub(crate) id: i64,
    name: String,
    pub(crate) login: String,
    #[diesel(deserialize_as = Timestamp)]
    created_at: jiff::Timestamp,
}

impl NodeRow {
    pub(crate) fn role(&self) -> Result<RoleName, StoreError> {
        parsed(&self.login)
    }

    pub(crate) fn with_connections(self, connections: i64) -> Result<Node, StoreError> {
        Ok(Node {
            login: self.role()?,
            name: parsed(self.name)?,
            connections,
            created_at: self.created_at,
        })
    }
}
