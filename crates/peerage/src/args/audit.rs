//! `peerage audit`.

use clap::{Args, Subcommand};
use jiff::Timestamp;

const LIST_EXAMPLES: &str = "\
Examples:
  peerage audit list
  peerage audit list --subject 1001 --limit 5
  peerage audit list --relation sip_secret --since 2026-01-31T00:00:00Z --format json";

const SHOW_EXAMPLES: &str = "\
Secrets appear only as `set` or `changed`.

Examples:
  peerage audit show 42";

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List changes, newest first
    #[command(after_long_help = LIST_EXAMPLES)]
    List(List),
    /// Show one change, with values before and after
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only changes of this number, name or user
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// Only changes of this table, such as agent or sip_account
    #[arg(long, value_name = "TABLE")]
    pub(crate) relation: Option<String>,
    /// Only changes by this actor
    #[arg(long)]
    pub(crate) actor: Option<String>,
    /// Only changes at or after this time, such as 2026-01-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<Timestamp>,
    /// Only changes before this ID, to continue an earlier list
    #[arg(long, value_name = "ID")]
    pub(crate) before: Option<i64>,
    /// Maximum number of changes
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub(crate) limit: u32,
}

/// jiff's own message explains the grammar, not what to write.
pub(super) fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse()
        .map_err(|_grammar| "a time with its zone, such as 2026-01-31T00:00:00Z")
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// ID of the change, as shown by `audit list`
    pub(crate) id: i64,
}
