//! `peerage user`.

use clap::{Args, Subcommand};
use peerage_model::{Invalid, Number, QueueName, Role, Username};

use super::switch::switch;
use super::value::{Clearable, clearable, typed, word};
use peerage_store::LoginPatch;

const ADD_EXAMPLES: &str = "\
Examples:
  peerage user add mira --role supervisor
  peerage user add ada --role agent --agent 1001
  peerage user add root --role admin --password-stdin < password.txt";

const SET_EXAMPLES: &str = "\
Examples:
  peerage user set mira --role admin
  peerage user set mira --queues sales,support
  peerage user set ada --disabled
  peerage user set ada --unlock";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage user list";

const PASSWORD_EXAMPLES: &str = "\
Examples:
  peerage user password mira
  peerage user password mira --password-stdin < password.txt
  peerage user password mira --end-tokens
  peerage user password mira --no-password";

const REMOVE_EXAMPLES: &str = "\
Examples:
  peerage user remove mira";

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a user
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Add),
    /// List users
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Change a user
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Set),
    /// Remove a user
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
    /// Give a user a new password
    #[command(after_long_help = PASSWORD_EXAMPLES)]
    Password(Password),
}

/// One user.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The user's name
    #[arg(value_parser = typed::<Username>)]
    pub(crate) username: Username,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The user's name: letters, digits, `.` and `_`
    #[arg(value_parser = typed::<Username>)]
    pub(crate) username: Username,
    /// Role of the user
    #[arg(long, value_parser = word!(Role))]
    pub(crate) role: Role,
    /// Number of the agent who is this user; required for role `agent`
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) agent: Option<Number>,
    #[command(flatten)]
    pub(crate) source: PasswordSource,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    #[command(flatten)]
    pub(crate) one: One,
    /// Role of the user
    #[arg(long, value_parser = word!(Role))]
    role: Option<Role>,
    /// Number of the agent who is this user; empty: none
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<Number>)]
    agent: Option<Clearable<Number>>,
    /// Prevent the user from signing in
    #[arg(long, overrides_with = "enabled")]
    disabled: bool,
    /// Let the user sign in
    #[arg(long, overrides_with = "disabled")]
    enabled: bool,
    /// Queues of a supervisor, separated by commas; replaces the current list; empty: none
    #[arg(long, value_name = "NAMES", value_parser = queues)]
    pub(crate) queues: Option<Queues>,
    /// Clear failed sign-ins and the lock they caused
    #[arg(long)]
    unlock: bool,
}

impl Set {
    /// Returns the user and the changes of these flags.
    pub(crate) fn into_patch(self) -> (Username, LoginPatch) {
        let patch = LoginPatch {
            role: self.role,
            agent: self.agent.map(|number| number.0),
            disabled: switch(self.disabled, self.enabled),
            unlock: self.unlock,
        };
        (self.one.username, patch)
    }
}

/// Names of queues.
#[derive(Debug, Clone)]
pub(crate) struct Queues(pub(crate) Vec<QueueName>);

fn queues(text: &str) -> Result<Queues, Invalid> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(QueueName::try_from).collect::<Result<_, _>>().map(Queues)
}

#[derive(Debug, Args)]
pub(crate) struct Password {
    #[command(flatten)]
    pub(crate) one: One,
    #[command(flatten)]
    pub(crate) source: PasswordSource,
    /// Also remove the user's tokens; programs that use them lose access
    #[arg(long)]
    pub(crate) end_tokens: bool,
}

/// Where a password comes from; never from the command line itself.
#[derive(Debug, Clone, Args)]
pub(crate) struct PasswordSource {
    /// Read the password from standard input (one line); default: generate one and show it once
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Set no password: the user cannot sign in with one
    #[arg(long, conflicts_with = "password_stdin")]
    pub(crate) no_password: bool,
}
