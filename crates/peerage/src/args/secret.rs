//! Where a SIP secret and a PIN come from. Never from the command line itself, which every user of the machine can read.

use clap::Args;
use peerage_model::Number;

use super::value::typed;

/// The secret of something new.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Secret")]
pub(crate) struct NewSecret {
    /// Read the SIP secret from standard input (one line); default: generate one and show it once
    #[arg(long)]
    pub(crate) secret_stdin: bool,
}

/// The PIN of a new agent.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Secret")]
pub(crate) struct NewPin {
    /// Read the PIN for login by phone from standard input: 4 to 12 digits on one line, after the line of the SIP secret
    /// if both are read [new: none]
    #[arg(long)]
    pub(crate) pin_stdin: bool,
}

/// A change of an agent's PIN.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Number and secret")]
pub(crate) struct ChangedPin {
    /// Read a new PIN for login by phone from standard input: 4 to 12 digits on one line, after the line of the SIP secret
    /// if both are read
    #[arg(long, conflicts_with = "no_pin")]
    pub(crate) pin_stdin: bool,
    /// Remove the PIN
    #[arg(long)]
    pub(crate) no_pin: bool,
}

/// A change of the secret or the number; the stored digest depends on both.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Number and secret")]
pub(crate) struct ChangedSecret {
    /// New number; requires a new secret and deletes registrations
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>, requires = "changed_secret")]
    pub(crate) number: Option<Number>,
    /// Read a new SIP secret from standard input (one line)
    #[arg(long, group = "changed_secret")]
    pub(crate) secret_stdin: bool,
    /// Generate a new SIP secret and show it once
    #[arg(long, group = "changed_secret")]
    pub(crate) new_secret: bool,
}
