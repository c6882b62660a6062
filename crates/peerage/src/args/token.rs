//! `peerage token`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use peerage_model::{Role, Username};

use super::value::{typed, word};

const ADD_EXAMPLES: &str = "\
The token is shown only once; Peerage stores only a hash. Clients send it as `Authorization: Bearer TOKEN`.

Examples:
  peerage token add crm --role admin
  peerage token add backup --role admin --expires never
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
    /// Remove a token; it stops working at once
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
    /// Name of the token: letters, digits, `.`, `_` and `-`
    pub(crate) name: String,
    /// Role of the token
    #[arg(long, value_parser = word!(Role))]
    pub(crate) role: Role,
    /// User on whose behalf the token acts, with that user's queues or agent; optional for role admin
    #[arg(long, value_name = "USERNAME", value_parser = typed::<Username>)]
    pub(crate) user: Option<Username>,
    /// Expiry time, such as 2026-01-31T00:00:00Z, or `never` [default: in 90 days]
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    pub(crate) expires: Option<Expiry>,
}

/// When a token expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    Never,
    At(Timestamp),
}

fn expiry(text: &str) -> Result<Expiry, &'static str> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let moment = text.parse().map(Expiry::At);
    moment.map_err(|_grammar| "a time with its zone, such as 2026-01-31T00:00:00Z, or never")
}
