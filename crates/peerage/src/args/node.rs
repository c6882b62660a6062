//! `peerage node`.

use clap::{Args, Subcommand};
use peerage_model::NodeName;
use peerage_store::{ManagerAddress, ManagerUser, NodePatch, RoleName, ServedSites};

use super::value::{Clearable, clearable, typed};

const ADD_EXAMPLES: &str = "\
The node gets a database role of its own, which may read the views and write what Asterisk writes, and a password, which \
is shown this once.

Examples:
  peerage node add pbx1
  peerage node add pbx1 --sites milan,rome
  peerage node add pbx1 --login asterisk_pbx1 --format json";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage node list";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage node show pbx1 --format json";

const SET_EXAMPLES: &str = "\
The service links to the node's Manager interface (AMI): through it, changes reach a node that caches, pauses become \
events, and calls are seen. `asterisk config` then turns that interface on and makes its secret, which stands in the \
directory PEERAGE_MANAGER_SECRETS, in a file of the node's name. A service on another machine needs a copy of that file.

A node that serves named sites reads and writes the accounts, registrations and queue members of these sites alone. When its \
sites change, its database connections are closed, and Asterisk makes new ones.

Examples:
  peerage node set pbx1 --manager 127.0.0.1:5038
  peerage node set pbx2 --manager 10.0.0.2:5038 --manager-user peerage
  peerage node set pbx1 --sites milan,rome
  peerage node set pbx1 --sites all
  peerage node set pbx1 --manager ''";

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
    /// Change a node
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Set),
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
pub(crate) struct Set {
    #[command(flatten)]
    one: One,
    /// Where the service reaches the node's Manager interface; empty: the service leaves the node alone
    #[arg(long, value_name = "HOST:PORT", value_parser = clearable::<ManagerAddress>)]
    manager: Option<Clearable<ManagerAddress>>,
    /// The user of manager.conf as whom it signs in
    #[arg(long, value_name = "USER", value_parser = typed::<ManagerUser>)]
    manager_user: Option<ManagerUser>,
    /// Sites that the node serves, with commas between them, or all
    #[arg(long, value_name = "SITES", value_parser = typed::<ServedSites>)]
    sites: Option<ServedSites>,
}

impl Set {
    /// Whose flags these are, and the changes they ask for.
    pub(crate) fn into_patch(self) -> (NodeName, NodePatch) {
        let patch = NodePatch {
            manager: self.manager.map(|manager| manager.0),
            manager_user: self.manager_user,
            sites: self.sites,
        };
        (self.one.name, patch)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The node's name: lower-case letters, digits and `-`
    #[arg(value_parser = typed::<NodeName>)]
    pub(crate) name: NodeName,
    /// Name of its database role; else peerage_node_ and the node's name
    #[arg(long, value_name = "ROLE", value_parser = typed::<RoleName>)]
    pub(crate) login: Option<RoleName>,
    /// Sites that the node serves, with commas between them, or all
    #[arg(long, value_name = "SITES", default_value = "all", value_parser = typed::<ServedSites>)]
    pub(crate) sites: ServedSites,
}
