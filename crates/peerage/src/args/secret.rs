//! Where a SIP secret comes from. Never from the command line itself, which every user of the machine can read.

use clap::Args;
use peerage_model::Number;

use super::value::typed;

/// The secret of something new.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Secret")]
pub(crate) struct NewSecret {
    /// Read the SIP secret from standard input, one line; else one is generated and shown once
    #[arg(long)]
    pub(crate) secret_stdin: bool,
}

/// A change of the secret, or of the number, of which the stored digest is made.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Number and secret")]
pub(crate) struct ChangedSecret {
    /// Change the number; demands a new secret and drops what is registered
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>, requires = "changed_secret")]
    pub(crate) number: Option<Number>,
    /// Read a new SIP secret from standard input, one line
    #[arg(long, group = "changed_secret")]
    pub(crate) secret_stdin: bool,
    /// Generate a new SIP secret and show it once
    #[arg(long, group = "changed_secret")]
    pub(crate) new_secret: bool,
}
