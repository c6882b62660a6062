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
    /// What the user may do
    #[arg(long, value_parser = word!(Role))]
    pub(crate) role: Role,
    /// The agent this user is; the role `agent` needs one
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) agent: Option<Number>,
    #[command(flatten)]
    pub(crate) source: PasswordSource,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    #[command(flatten)]
    pub(crate) one: One,
    /// What the user may do
    #[arg(long, value_parser = word!(Role))]
    role: Option<Role>,
    /// The agent this user is; empty: none
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<Number>)]
    agent: Option<Clearable<Number>>,
    /// Do not let the user sign in
    #[arg(long, overrides_with = "enabled")]
    disabled: bool,
    /// Let the user sign in
    #[arg(long, overrides_with = "disabled")]
    enabled: bool,
    /// The queues that a supervisor watches, parted by commas, in place of those before; empty: none
    #[arg(long, value_name = "NAMES", value_parser = queues)]
    pub(crate) queues: Option<Queues>,
    /// Forget failed sign-ins and the lock they led to
    #[arg(long)]
    unlock: bool,
}

impl Set {
    /// Whose flags these are, and the changes they ask for.
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
    /// Remove the user's tokens, too: programs that act for the user are let in no more
    #[arg(long)]
    pub(crate) end_tokens: bool,
}

/// Where a password comes from; never from the command line itself.
#[derive(Debug, Clone, Args)]
pub(crate) struct PasswordSource {
    /// Read the password from standard input, one line; else one is generated and shown once
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Set no password: the user cannot sign in with one
    #[arg(long, conflicts_with = "password_stdin")]
    pub(crate) no_password: bool,
}
