//! `peerage phone`.

use clap::{Args, Subcommand};
use peerage_model::{CallerNumber, FullName, Number};

use super::files::Search;
use super::release::Release;
use super::secret::{ChangedSecret, NewSecret};
use super::value::{Clearable, clearable, typed};
use super::voice::Voice;

const ADD_EXAMPLES: &str = "\
[new: ...] is what a new telephone gets when the flag is not given.

Examples:
  peerage phone add 2001 --name \"Desk 1\"
  peerage phone add 2002 --name \"Front door\" --host 10.0.0.7 --emergency-callerid 0655512
  peerage phone add 2003 --name \"Desk 3\" --secret-stdin --transport tls --encryption < secret.txt";

const SET_EXAMPLES: &str = "\
A flag that is not given leaves its field as it is; [new: ...] is what a new telephone gets.

Examples:
  peerage phone set 2001 --name \"Desk 1, window\" --codecs opus,ulaw
  peerage phone set 2001 --emergency-callerid \"\"
  peerage phone set 2001 --number 2101 --new-secret";

const LIST_EXAMPLES: &str = "\
SINCE is since when somebody is there. Offered are telephones that an agent with hot desk can pick: in service, free and \
registered; where none of the site is registered, all free ones. The others say why not.

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
The number is free again, and its registrations are gone.

Examples:
  peerage phone remove 2001";

#[derive(Debug, Subcommand)]
pub(crate) enum Phone {
    /// Add a telephone
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Box<Add>),
    /// List telephones, by number
    #[command(after_long_help = LIST_EXAMPLES)]
    List(List),
    /// Show everything about one telephone
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Change a telephone
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Box<Set>),
    /// Remove a telephone
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
    #[command(flatten)]
    Release(Release),
}

/// Which ones of the list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) search: Search,
    /// Only those where nobody is
    #[arg(long, conflicts_with = "used")]
    pub(crate) free: bool,
    /// Only those where somebody is
    #[arg(long, conflicts_with = "offered")]
    pub(crate) used: bool,
    /// Only those that agents of their site can pick now
    #[arg(long)]
    pub(crate) offered: bool,
}

/// One telephone.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The telephone's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The telephone's number: letters, digits, `.` and `-`
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Full name, such as its place
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
    /// The telephone's present number
    #[arg(value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) present: Number,
    /// Full name, such as its place
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
    /// Number shown in an emergency call, which tells where it stands; empty: the site's
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<CallerNumber>)]
    pub(crate) emergency_callerid: Option<Clearable<CallerNumber>>,
}
