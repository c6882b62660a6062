//! `peerage agent`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use peerage_model::{Alias, Description, DialNumber, Email, FullName, LogLevel, Number};
use peerage_store::AgentPatch;

use super::files::Search;
use super::secret::{ChangedPin, ChangedSecret, NewPin, NewSecret};
use super::state::State;
use super::switch::switch;
use super::value::{Clearable, clearable, typed, word};
use super::voice::Voice;
use peerage_store::fields::channel::ChannelChange;
use peerage_store::fields::permission::{self, Permission};

const ADD_EXAMPLES: &str = "\
[new: ...] is the default for a new agent.

Examples:
  peerage agent add 1001 --name \"Ada King\"
  peerage agent add 1002 --name \"Bo Li\" --secret-stdin --transport tls --encryption < secret.txt
  peerage agent add 1003 --name \"Cy Day\" --codecs opus,alaw --call-group 1,3-5 --record wav49
  peerage agent add 1004 --name \"Di Fox\" --hot-desk --forbid move --channel chat=5,auto-answer=3";

const SET_EXAMPLES: &str = "\
Omitted flags leave their fields unchanged; [new: ...] is the default for a new agent.

Examples:
  peerage agent set 1001 --transport tls,udp --no-video
  peerage agent set 1001 --alias \"\"
  peerage agent set 1001 --number 2001 --new-secret
  peerage agent set 1001 --secret-stdin < secret.txt
  peerage agent set 1001 --pin-stdin < pin.txt
  peerage agent set 1001 --permit all --forbid pause-one-queue --channel fax=off";

const LIST_EXAMPLES: &str = "\
SINCE is when the agent entered the state; for an offline agent, the last logout. An unreachable agent would take calls, \
but no node can ring the device. The nodes report this; without a running service, registrations decide. on_call and \
ringing are known only while a service runs.

Examples:
  peerage agent list
  peerage agent list --logged-in
  peerage agent list --state paused,partly_paused
  peerage agent list --search king --site rome
  peerage agent list --format csv > agents.csv";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage agent show 1001
  peerage agent show 1001 --format json";

const REMOVE_EXAMPLES: &str = "\
Frees the number and deletes its registrations. The agent's history stays.

Examples:
  peerage agent remove 1001";

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Add an agent
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Box<Add>),
    /// List agents, by number
    #[command(after_long_help = LIST_EXAMPLES)]
    List(List),
    /// Show everything about one agent
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Change an agent
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Box<Set>),
    /// Remove an agent
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
    #[command(flatten)]
    State(State),
}

/// Filters of the list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) search: Search,
    /// Only agents in one of these states: on_call, ringing, available, paused, partly_paused, unreachable, offline
    #[arg(long, value_name = "LIST", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(STATES))]
    pub(crate) state: Vec<String>,
    /// Only agents who are logged in
    #[arg(long)]
    pub(crate) logged_in: bool,
    /// Only agents whose phone or mobile number the site does not allow
    #[arg(long)]
    pub(crate) refused_numbers: bool,
}

/// The states, as in the console and the API. Calls are known while a service runs.
const STATES: [&str; 7] = [
    "on_call",
    "ringing",
    "available",
    "paused",
    "partly_paused",
    "unreachable",
    "offline",
];

/// One agent.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The agent's number: letters, digits, `.` and `-`
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Full name
    #[arg(long, value_parser = typed::<FullName>, help_heading = "Account")]
    pub(crate) name: FullName,
    #[command(flatten)]
    pub(crate) secret: NewSecret,
    #[command(flatten)]
    pub(crate) pin: NewPin,
    #[command(flatten)]
    pub(crate) profile: Profile,
    #[command(flatten)]
    pub(crate) voice: Voice,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The agent's current number
    #[arg(value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) present: Number,
    /// Full name
    #[arg(long, value_parser = typed::<FullName>, help_heading = "Account")]
    pub(crate) name: Option<FullName>,
    #[command(flatten)]
    pub(crate) secret: ChangedSecret,
    #[command(flatten)]
    pub(crate) pin: ChangedPin,
    #[command(flatten)]
    pub(crate) profile: Profile,
    #[command(flatten)]
    pub(crate) voice: Voice,
}

/// Parses a permission; the help explains each one.
fn permissions() -> impl TypedValueParser<Value = Permission> {
    let words = Permission::words().map(|one| PossibleValue::new(one.as_str()).help(one.meaning()));
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Permission>())
}

/// The Account section, without the full name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct Profile {
    /// Display name instead of the user name; empty: none
    #[arg(long, value_name = "NAME", value_parser = clearable::<Alias>)]
    alias: Option<Clearable<Alias>>,
    /// Email address; empty: none
    #[arg(long, value_name = "ADDRESS", value_parser = clearable::<Email>)]
    email: Option<Clearable<Email>>,
    /// Number of the interface `phone`: an account, or an outside number that the site allows; empty: none
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<DialNumber>)]
    phone: Option<Clearable<DialNumber>>,
    /// Number of the interface `mobile`: an outside number that the site allows; empty: none
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<DialNumber>)]
    mobile: Option<Clearable<DialNumber>>,
    /// Free text; empty: none
    #[arg(long, value_name = "TEXT", value_parser = clearable::<Description>)]
    description: Option<Clearable<Description>>,
    /// Let the agent choose a phone at login
    #[arg(long, overrides_with = "no_hot_desk")]
    hot_desk: bool,
    /// Ring the agent's own interfaces [new]
    #[arg(long, overrides_with = "hot_desk")]
    no_hot_desk: bool,
    /// Start each login paused
    #[arg(long, overrides_with = "no_login_in_pause")]
    login_in_pause: bool,
    /// Start each login available [new]
    #[arg(long, overrides_with = "login_in_pause")]
    no_login_in_pause: bool,
    /// Log level of the agent's page in the client log [new: off]
    #[arg(long, value_name = "LEVEL", value_parser = word!(LogLevel))]
    client_log_level: Option<LogLevel>,
    /// Grant these permissions; a new agent has all but edit-own-numbers
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = permissions())]
    permit: Vec<Permission>,
    /// Revoke these permissions
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = permissions())]
    forbid: Vec<Permission>,
    /// Non-voice channel: chat=5 (at most 5 at once; 0: no limit), chat=5,auto-answer=3 (accepted after 3 seconds),
    /// or chat=off; may be repeated
    #[arg(long, value_name = "CHANNEL", value_parser = typed::<ChannelChange>)]
    channel: Vec<ChannelChange>,
}

impl Profile {
    /// Adds the changes of these flags to `patch`. `--forbid` wins over `--permit`, so `--permit all --forbid move` works.
    pub(crate) fn add_to(self, patch: &mut AgentPatch) {
        patch.alias = self.alias.map(|value| value.0);
        patch.email = self.email.map(|value| value.0);
        patch.phone = self.phone.map(|value| value.0);
        patch.mobile = self.mobile.map(|value| value.0);
        patch.description = self.description.map(|value| value.0);
        patch.hot_desk = switch(self.hot_desk, self.no_hot_desk);
        patch.login_in_pause = switch(self.login_in_pause, self.no_login_in_pause);
        patch.client_log_level = self.client_log_level;
        permission::set(&mut patch.permissions, &self.permit, true);
        permission::set(&mut patch.permissions, &self.forbid, false);
        for change in self.channel {
            change.add_to(patch);
        }
    }
}
