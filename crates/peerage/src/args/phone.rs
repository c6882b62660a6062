//! `peerage phone`.

use clap::{Args, Subcommand};
use peerage_model::{CallerNumber, FullName, Number};

use super::files::Search;
use super::release::Release;
use super::secret::{ChangedSecret, NewSecret};
use super::value::{Clearable, clearable, typed};
use super::voice::Voice;

const ADD_EXAMPLES: &str = "\
[new: ...] is the default for a new phone.

Examples:
  peerage phone add 2001 --name \"Desk 1\"
  peerage phone add 2002 --name \"Front door\" --host 10.0.0.7 --emergency-callerid 0655512
  peerage phone add 2003 --name \"Desk 3\" --secret-stdin --transport tls --encryption < secret.txt";

const SET_EXAMPLES: &str = "\
Omitted flags leave their fields unchanged; [new: ...] is the default for a new phone.

Examples:
  peerage phone set 2001 --name \"Desk 1, window\" --codecs opus,ulaw
  peerage phone set 2001 --emergency-callerid \"\"
  peerage phone set 2001 --number 2101 --new-secret";

const LIST_EXAMPLES: &str = "\
SINCE is when the agent on the phone took it. --offered lists the phones that an agent with hot desk can choose: in \
service, free and registered. If no phone of the site is registered, all free ones are offered. For the other phones, the \
list gives the reason.

Examples:
  peerage phone list
  peerage phone list --offered --site rome
  peerage phone list --used
  peerage phone list --search desk --format csv";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage phone show 2001
  peerage phone show 2001 --format json";

const REMOVE_EXAMPLES: &str = "\
Frees the number and deletes its registrations.

Examples:
  peerage phone remove 2001";

#[derive(Debug, Subcommand)]
pub(crate) enum Phone {
    /// Add a phone
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Box<Add>),
    /// List phones, by number
    #[command(after_long_help = LIST_EXAMPLES)]
    List(List),
    /// Show everything about one phone
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Change a phone
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Box<Set>),
    /// Remove a phone
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
    #[command(flatten)]
    Release(Release),
}

/// Filters of the list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) search: Search,
    /// Only phones without an agent
    #[arg(long, conflicts_with = "used")]
    pub(crate) free: bool,
    /// Only phones with an agent
    #[arg(long, conflicts_with = "offered")]
    pub(crate) used: bool,
    /// Only phones that agents of the site can choose now
    #[arg(long)]
    pub(crate) offered: bool,
}

/// One phone.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The phone's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The phone's number: letters, digits, `.` and `-`
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Name, such as its location
    #[arg(long, value_parser = typed::<FullName>, help_heading = "Account")]
    pub(crate) name: FullName,
    #[command(flatten)]
    pub(crate) emergency: Emergency,
    #[command(flatten)]
    pub(crate) secret: NewSecret,
    #[command(flatten)]
    pub(crate) voice: Voice,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The phone's current number
    #[arg(value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) present: Number,
    /// Name, such as its location
    #[arg(long, value_parser = typed::<FullName>, help_heading = "Account")]
    pub(crate) name: Option<FullName>,
    #[command(flatten)]
    pub(crate) emergency: Emergency,
    #[command(flatten)]
    pub(crate) secret: ChangedSecret,
    #[command(flatten)]
    pub(crate) voice: Voice,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct Emergency {
    /// Caller ID number for emergency calls, which tells the location; empty: the site's number
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<CallerNumber>)]
    pub(crate) emergency_callerid: Option<Clearable<CallerNumber>>,
}
