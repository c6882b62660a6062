//! `peerage audit`.

use clap::{Args, Subcommand};
use jiff::Timestamp;

const LIST_EXAMPLES: &str = "\
Examples:
  peerage audit list
  peerage audit list --subject 1001 --limit 5
  peerage audit list --relation sip_secret --since 2026-01-31T00:00:00Z --format json";

const SHOW_EXAMPLES: &str = "\
Secrets are in it as `set` or `changed`, never as they are.

Examples:
  peerage audit show 42";

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List changes, the newest first
    #[command(after_long_help = LIST_EXAMPLES)]
    List(List),
    /// Show one change: values before and after
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only what is about this number, name or user
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// Only this table, such as agent or sip_account
    #[arg(long, value_name = "TABLE")]
    pub(crate) relation: Option<String>,
    /// Only what this actor did
    #[arg(long)]
    pub(crate) actor: Option<String>,
    /// Only from this moment on, such as 2026-01-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<Timestamp>,
    /// Only what came before this change, to go on from an earlier list
    #[arg(long, value_name = "ID")]
    pub(crate) before: Option<i64>,
    /// At most this many
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub(crate) limit: u32,
}

/// jiff's own message tells of the format's grammar, not of what to write.
pub(super) fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse()
        .map_err(|_grammar| "a moment with its zone, such as 2026-01-31T00:00:00Z")
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The change's number, as `audit list` shows it
    pub(crate) id: i64,
}
