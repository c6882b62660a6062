use jiff::Timestamp;
use peerage_model::NodeName;

use crate::RoleName;

/// An Asterisk that reads the database.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// The database role it signs in with.
    pub login: RoleName,
    /// How many connections that role has open at this moment.
    pub connections: i64,
    /// When it was made.
    pub created_at: Timestamp,
}
