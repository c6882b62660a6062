//! `peerage phone release`.

use clap::{Args, Subcommand};
use peerage_model::{EndReason, Number};

use super::value::typed;

const EXAMPLES: &str = "\
Logs out the agent on the phone; a current call continues. --reason is required unless the phone is free; then the command \
succeeds and changes nothing. Runs with administrator rights.

Examples:
  peerage phone release 2001 --reason \"Ada has gone home\"";

/// Subcommands of `peerage phone`.
#[derive(Debug, Subcommand)]
pub(crate) enum Release {
    /// Free a phone by logging out the agent on it
    #[command(after_long_help = EXAMPLES)]
    Release(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The phone's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Reason, for the history of the agent who is logged out
    #[arg(long, value_name = "TEXT", value_parser = typed::<EndReason>)]
    pub(crate) reason: Option<EndReason>,
}
