use std::fmt;
use std::str::FromStr;

use peerage_model::{Invalid, NodeName};

/// Longest name. PostgreSQL would take 63 bytes, but Asterisk cuts the database user, with the options that the shipped
/// configuration appends to it, at 63 (`res_config_pgsql.c`, 16 to 23).
const LONGEST: usize = 41;

/// The name of a database role that an Asterisk node signs in with: a lower-case letter or `_`, then lower-case letters, digits or
/// `_`, 41 characters in all; `pg_` in front is PostgreSQL's own. It needs no quoting anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct RoleName(String);

impl RoleName {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "login";
    /// What the field takes, in words.
    pub const RULE: &'static str =
        "a lower-case letter or `_`, then up to 40 lower-case letters, digits or `_`, and not `pg_` in front";

    /// The name a node's role has unless another is chosen: `peerage_node_` and the node's name, `_` for `-`.
    ///
    /// # Errors
    ///
    /// The node's name is longer than 28 characters.
    pub fn for_node(node: &NodeName) -> Result<Self, Invalid> {
        Self::try_from(format!("peerage_node_{}", node.as_str().replace('-', "_")))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RoleName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let accepted = (1..=LONGEST).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !text.starts_with("pg_");
        if accepted {
            Ok(Self(text))
        } else {
            Err(Invalid::new(Self::FIELD, text, Self::RULE))
        }
    }
}

impl TryFrom<&str> for RoleName {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl FromStr for RoleName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_after_its_node() {
        let role = |node: &str| RoleName::for_node(&node.parse().unwrap());
        assert_eq!(role("pbx-1").unwrap().as_str(), "peerage_node_pbx_1");
        assert!(role(&"x".repeat(28)).is_ok());
        assert!(role(&"x".repeat(29)).is_err());
    }

    #[test]
    fn what_would_need_quoting_is_refused() {
        for bad in ["", "1pbx", "Pbx", "pbx-1", "pbx\"", "pg_monitor", "pbx 1", "é"] {
            assert!(RoleName::try_from(bad).is_err(), "{bad}");
        }
    }
}
