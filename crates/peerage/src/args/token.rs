//! `peerage token`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use peerage_model::{Role, Username};

use super::value::{typed, word};

const ADD_EXAMPLES: &str = "\
The token is shown this once, and kept nowhere. A program sends it as `Authorization: Bearer TOKEN`.

Examples:
  peerage token add crm --role admin
  peerage token add wallboard --role supervisor --user mira --expires 2026-01-31T00:00:00Z";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage token list";

const REMOVE_EXAMPLES: &str = "\
Examples:
  peerage token remove crm";

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Add a token
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Add),
    /// List tokens
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Remove a token: it lets in no more
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
}

/// One token.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The token's name
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What it is for: letters, digits, `.`, `_` and `-`
    pub(crate) name: String,
    /// What it may do
    #[arg(long, value_parser = word!(Role))]
    pub(crate) role: Role,
    /// The user for whom it acts, whose queues or agent it is for; an admin token needs none
    #[arg(long, value_name = "USERNAME", value_parser = typed::<Username>)]
    pub(crate) user: Option<Username>,
    /// Until when it lets in, such as 2026-01-31T00:00:00Z; else for ever
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<Timestamp>,
}
