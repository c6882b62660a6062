//! `peerage views`.

use clap::{Args, Subcommand};

const PLAN_EXAMPLES: &str = "\
Examples:
  peerage views plan
  peerage views plan --sql > views.sql";

const INSTALL_EXAMPLES: &str = "\
Replaces the views in one transaction, so Asterisk's lookups continue. If the views are up to date, takes no lock.

Examples:
  peerage views install
  peerage views install --again";

const VERIFY_EXAMPLES: &str = "\
Exits with 3 if something differs: definitions, columns, triggers, functions, owners, grants, comments.

Examples:
  peerage views verify
  peerage views verify --format json";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage views show ps_endpoints";

#[derive(Debug, Subcommand)]
pub(crate) enum Views {
    /// Show what an install would do, without doing it
    #[command(after_long_help = PLAN_EXAMPLES)]
    Plan(Plan),
    /// Install the views of this release
    #[command(after_long_help = INSTALL_EXAMPLES)]
    Install(Install),
    /// Compare the installed views with those of this release
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify,
    /// Print a view's source, with its comments
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Print the complete SQL instead
    #[arg(long)]
    pub(crate) sql: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// Install even if the views are up to date; repairs what `views verify` finds
    #[arg(long)]
    pub(crate) again: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The view's name, such as ps_endpoints
    pub(crate) name: String,
}
