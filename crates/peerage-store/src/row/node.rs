use diesel::prelude::*;
use jiff_diesel::Timestamp;

use super::{maybe_parsed, parsed};
use crate::schema::node;
use crate::{ManagedNode, Node, RoleName, ServedSites, StoreError};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = node, check_for_backend(diesel::pg::Pg))]
pub(crate) struct NodeRow {
    pub(crate) id: i64,
    name: String,
    pub(crate) login: String,
    pub(crate) all_sites: bool,
    #[diesel(deserialize_as = Timestamp)]
    created_at: jiff::Timestamp,
    pub(crate) manager: Option<String>,
    pub(crate) manager_user: String,
}

impl NodeRow {
    pub(crate) fn role(&self) -> Result<RoleName, StoreError> {
        parsed(&self.login)
    }

    pub(crate) fn complete(
        self,
        sites: ServedSites,
        connections: i64,
        leader: Option<String>,
    ) -> Result<Node, StoreError> {
        Ok(Node {
            leader,
            login: self.role()?,
            name: parsed(self.name)?,
            sites,
            connections,
            created_at: self.created_at,
            manager: maybe_parsed(self.manager)?,
            manager_user: parsed(self.manager_user)?,
        })
    }

    pub(crate) fn managed(self) -> Result<ManagedNode, StoreError> {
        Ok(ManagedNode {
            name: parsed(self.name)?,
            manager: maybe_parsed(self.manager)?,
            manager_user: parsed(self.manager_user)?,
        })
    }
}
