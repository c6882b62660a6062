//! `peerage node`.

use clap::{Args, Subcommand};
use peerage_model::NodeName;
use peerage_store::{ManagerAddress, ManagerUser, NodePatch, RoleName, ServedSites};

use super::value::{Clearable, clearable, typed};

const ADD_EXAMPLES: &str = "\
Creates the node's own database role, which may read the views and write what Asterisk writes. The password is shown only \
once.

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
--manager is the address of the node's AMI. The service uses it to expire cached objects after a change, to send pauses \
and to see calls. After setting it, run `asterisk config` again: it turns AMI on and generates its secret, in a file named \
after the node in the directory PEERAGE_MANAGER_SECRETS. A service on another machine needs a copy of that file.

A node that serves named sites can access only the accounts, registrations and queue members of these sites. When its \
sites change, its database connections are closed, and Asterisk reconnects.

Examples:
  peerage node set pbx1 --manager 127.0.0.1:5038
  peerage node set pbx2 --manager 10.0.0.2:5038 --manager-user peerage
  peerage node set pbx1 --sites milan,rome
  peerage node set pbx1 --sites all
  peerage node set pbx1 --manager ''";

const PASSWORD_EXAMPLES: &str = "\
Generates a new password and shows it once. Open connections stay open; the node needs the new password for the next one.

Examples:
  peerage node password pbx1 > password.txt";

const REMOVE_EXAMPLES: &str = "\
Drops the database role and closes the node's connections.

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
    /// AMI address of the node, as seen from the service; empty: no AMI
    #[arg(long, value_name = "HOST:PORT", value_parser = clearable::<ManagerAddress>)]
    manager: Option<Clearable<ManagerAddress>>,
    /// AMI user of the service, as in manager.conf
    #[arg(long, value_name = "USER", value_parser = typed::<ManagerUser>)]
    manager_user: Option<ManagerUser>,
    /// Sites the node serves, separated by commas, or all
    #[arg(long, value_name = "SITES", value_parser = typed::<ServedSites>)]
    sites: Option<ServedSites>,
}

impl Set {
    /// Returns the node and the changes of these flags.
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
    /// Name of the database role; default: peerage_node_ and the node's name
    #[arg(long, value_name = "ROLE", value_parser = typed::<RoleName>)]
    pub(crate) login: Option<RoleName>,
    /// Sites the node serves, separated by commas, or all
    #[arg(long, value_name = "SITES", default_value = "all", value_parser = typed::<ServedSites>)]
    pub(crate) sites: ServedSites,
}
