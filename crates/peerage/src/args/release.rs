//! `peerage phone release`.

use clap::{Args, Subcommand};
use peerage_model::{EndReason, Number};

use super::value::typed;

const EXAMPLES: &str = "\
The session of the agent who is there ends; the running call goes on. Needs --reason unless the telephone is free, which is \
no failure. The command acts as an administrator.

Examples:
  peerage phone release 2001 --reason \"Ada has gone home\"";

/// Below `peerage phone`.
#[derive(Debug, Subcommand)]
pub(crate) enum Release {
    /// Free a telephone by logging out the agent who is there
    #[command(after_long_help = EXAMPLES)]
    Release(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The telephone's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Why, for the history of the agent who is logged out
    #[arg(long, value_name = "TEXT", value_parser = typed::<EndReason>)]
    pub(crate) reason: Option<EndReason>,
}
