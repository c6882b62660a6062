//! `peerage node`.

use clap::{Args, Subcommand};
use peerage_model::NodeName;
use peerage_store::RoleName;

use super::value::typed;

const ADD_EXAMPLES: &str = "\
The node gets a database role of its own, which may read the views and write what Asterisk writes, and a password, which \
is shown this once.

Examples:
  peerage node add pbx1
  peerage node add pbx1 --login asterisk_pbx1 --format json";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage node list";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage node show pbx1 --format json";

const PASSWORD_EXAMPLES: &str = "\
A new password is generated and shown once. Connections that are open stay open; the node needs the new one at its next.

Examples:
  peerage node password pbx1 > password.txt";

const REMOVE_EXAMPLES: &str = "\
The database role goes too; the node's connections are closed.

Examples:
  peerage node remove pbx1";

#[derive(Debug, Subcommand)]
pub(crate) enum Node {
    /// Add a node and its database role
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Add),
    /// List nodes
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Show one node
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Give a node a new database password
    #[command(after_long_help = PASSWORD_EXAMPLES)]
    Password(One),
    /// Remove a node and its database role
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
}

/// One node.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The node's name
    #[arg(value_parser = typed::<NodeName>)]
    pub(crate) name: NodeName,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The node's name: lower-case letters, digits and `-`
    #[arg(value_parser = typed::<NodeName>)]
    pub(crate) name: NodeName,
    /// Name of its database role; else peerage_node_ and the node's name
    #[arg(long, value_name = "ROLE", value_parser = typed::<RoleName>)]
    pub(crate) login: Option<RoleName>,
}
