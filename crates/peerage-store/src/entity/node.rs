use jiff::Timestamp;
use peerage_model::NodeName;

use crate::{ManagerAddress, ManagerUser, RoleName, ServedSites};

/// An Asterisk that reads the database.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// The database role it signs in with.
    pub login: RoleName,
    /// The sites it serves: its login sees the rows of these alone.
    pub sites: ServedSites,
    /// Where the service reaches its Manager interface; none: the service leaves it alone.
    pub manager: Option<ManagerAddress>,
    /// Who signs in there.
    pub manager_user: ManagerUser,
    /// The service that leads it, by host and port; none when none does.
    pub leader: Option<String>,
    /// How many connections that role has open at this moment.
    pub connections: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Changes of a node; none by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NodePatch {
    /// Where the service reaches its Manager interface, or none.
    pub manager: Option<Option<ManagerAddress>>,
    /// Who signs in there.
    pub manager_user: Option<ManagerUser>,
    /// The sites it serves.
    pub sites: Option<ServedSites>,
}

/// A node as whoever links to it needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedNode {
    /// Its name.
    pub name: NodeName,
    /// Where its Manager interface is; none: it is to be left alone.
    pub manager: Option<ManagerAddress>,
    /// Who signs in there.
    pub manager_user: ManagerUser,
}
