//! `peerage queue`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use peerage_model::{Number, Penalty, QueueName};
use peerage_store::QueuePatch;

use super::audit::time;
use super::switch::switch;
use super::value::typed;

const OPTIONS: &str = "\
--option sets any other option of queues.conf, with `_` instead of `-`: announce_frequency, autofill, defaultrule, \
setinterfacevar, ...";

const ADD_EXAMPLES: &str = "\
[new: ...] is the default for a new queue.

Examples:
  peerage queue add sales
  peerage queue add support --strategy rrmemory --timeout 20 --wrapup 10 --music-class jazz
  peerage queue add night --option announce_frequency=60 --option autofill=yes";

const SET_EXAMPLES: &str = "\
Omitted flags leave their fields unchanged; [new: ...] is the default for a new queue. Members stay in a renamed queue.

Examples:
  peerage queue set sales --strategy leastrecent --ring-in-use
  peerage queue set sales --music-class \"\" --option announce_frequency=
  peerage queue set sales --name sales-rome";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage queue list
  peerage queue list --format csv";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage queue show sales
  peerage queue show sales --format json";

const REMOVE_EXAMPLES: &str = "\
Its members leave the queue, and its assignments are deleted. History keeps the name.

Examples:
  peerage queue remove night";

const ASSIGN_EXAMPLES: &str = "\
Agents join their assigned queues at login; an agent who is logged in joins at once. Assigning again changes the penalty.

Examples:
  peerage queue assign sales 1001
  peerage queue assign sales 1002 --penalty 5";

const UNASSIGN_EXAMPLES: &str = "\
An agent who is logged in leaves the queue at once.

Examples:
  peerage queue unassign sales 1001";

const LOG_EXAMPLES: &str = "\
Writes the log of all nodes in order of time, whatever --format is. Each login, logout, join, leave, pause and unpause is \
one line, however many nodes there are. The view report.queue_events offers the same for SQL, with a permanent ID for each \
agent.

Examples:
  peerage queue log > queue_log
  peerage queue log --since 2026-01-31T00:00:00Z
  peerage queue log --agents agent-number";

/// The strategies of app_queue.
const STRATEGIES: [&str; 8] = [
    "ringall",
    "leastrecent",
    "fewestcalls",
    "random",
    "rrmemory",
    "linear",
    "wrandom",
    "rrordered",
];

const AUTOPAUSE: [&str; 3] = ["no", "yes", "all"];

#[derive(Debug, Subcommand)]
pub(crate) enum Queue {
    /// Add a queue
    #[command(after_long_help = format!("{OPTIONS}\n\n{ADD_EXAMPLES}"))]
    Add(Box<Add>),
    /// List queues by name
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Show everything about one queue
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Change a queue
    #[command(after_long_help = format!("{OPTIONS}\n\n{SET_EXAMPLES}"))]
    Set(Box<Set>),
    /// Remove a queue
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
    /// Assign an agent to a queue, or change the penalty
    #[command(after_long_help = ASSIGN_EXAMPLES)]
    Assign(Assign),
    /// Remove an agent from a queue
    #[command(after_long_help = UNASSIGN_EXAMPLES)]
    Unassign(Unassign),
    /// Print the queue log in the format of Asterisk's file queue_log
    #[command(after_long_help = LOG_EXAMPLES)]
    Log(Log),
}

/// One queue.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The queue's name
    #[arg(value_parser = typed::<QueueName>)]
    pub(crate) name: QueueName,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The queue's name, as in Queue(NAME): letters, digits, `_`, `.` and `-`
    #[arg(value_parser = typed::<QueueName>)]
    pub(crate) name: QueueName,
    #[command(flatten)]
    pub(crate) fields: Fields,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The queue's current name
    #[arg(value_name = "NAME", value_parser = typed::<QueueName>)]
    pub(crate) present: QueueName,
    /// New name
    #[arg(long, value_name = "NAME", value_parser = typed::<QueueName>)]
    pub(crate) name: Option<QueueName>,
    #[command(flatten)]
    pub(crate) fields: Fields,
}

#[derive(Debug, Args)]
pub(crate) struct Assign {
    /// The queue's name
    #[arg(value_parser = typed::<QueueName>)]
    pub(crate) name: QueueName,
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) agent: Number,
    /// Penalty; members with a lower penalty ring first
    #[arg(long, value_name = "PENALTY", value_parser = typed::<Penalty>, default_value = "0", allow_negative_numbers = true)]
    pub(crate) penalty: Penalty,
}

#[derive(Debug, Args)]
pub(crate) struct Unassign {
    /// The queue's name
    #[arg(value_parser = typed::<QueueName>)]
    pub(crate) name: QueueName,
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) agent: Number,
}

#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only events at or after this time, such as 2026-01-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<Timestamp>,
    /// Only events before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<Timestamp>,
    /// How to name agents
    #[arg(long, value_enum, value_name = "HOW", default_value = "number")]
    pub(crate) agents: NamedAs,
}

/// How the log names an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NamedAs {
    /// 1001, the number at that time
    Number,
    /// Agent/1001
    AgentNumber,
    /// The member name, as Asterisk logs it
    Name,
}

/// The fields besides the name. The database checks the values.
#[derive(Debug, Clone, Args)]
pub(crate) struct Fields {
    /// Free text; empty: none
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Ring strategy; Asterisk chooses the order of linear [new: ringall]
    #[arg(long, value_name = "STRATEGY", value_parser = PossibleValuesParser::new(STRATEGIES))]
    strategy: Option<String>,
    /// Seconds a member rings; 0: no limit [new: 15]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    timeout: Option<i32>,
    /// Seconds before the next member rings [new: 5]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    retry: Option<i32>,
    /// Wrap-up time after a call, in seconds [new: 0]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    wrapup: Option<i32>,
    /// Maximum waiting callers; 0: no limit [new: 0]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    max_length: Option<i32>,
    /// Weight; queues with a higher weight are served first [new: 0]
    #[arg(long, value_name = "WEIGHT", allow_negative_numbers = true)]
    weight: Option<i32>,
    /// Service level: seconds within which a call should be answered [new: 60]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    service_level: Option<i32>,
    /// Ring members who are on a call
    #[arg(long, overrides_with = "no_ring_in_use")]
    ring_in_use: bool,
    /// Do not ring members who are on a call [new]
    #[arg(long, overrides_with = "ring_in_use")]
    no_ring_in_use: bool,
    /// Pause a member after a missed call: no, in this queue (yes), in all queues (all) [new: no]
    #[arg(long, value_name = "WHERE", value_parser = PossibleValuesParser::new(AUTOPAUSE))]
    autopause: Option<String>,
    /// Whether callers may join a queue without members: yes, no, strict, loose, or conditions such as paused,unavailable
    /// [new: yes]
    #[arg(long, value_name = "WHEN")]
    join_empty: Option<String>,
    /// Whether waiting callers leave a queue without members; values as for --join-empty [new: no]
    #[arg(long, value_name = "WHEN")]
    leave_when_empty: Option<String>,
    /// Music on hold class; empty: the channel's class
    #[arg(long, value_name = "CLASS")]
    music_class: Option<String>,
    /// Another option of app_queue; an empty value removes it; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = option)]
    option: Vec<(String, Option<String>)>,
}

impl Fields {
    /// Returns the changes of these flags.
    pub(crate) fn into_patch(self) -> QueuePatch {
        QueuePatch {
            name: None,
            description: self.description.map(not_empty),
            strategy: self.strategy,
            timeout_seconds: self.timeout,
            retry_seconds: self.retry,
            wrapup_seconds: self.wrapup,
            max_length: self.max_length,
            weight: self.weight,
            service_level_seconds: self.service_level,
            ring_in_use: switch(self.ring_in_use, self.no_ring_in_use),
            autopause: self.autopause,
            join_empty: self.join_empty,
            leave_when_empty: self.leave_when_empty,
            music_class: self.music_class.map(not_empty),
            options: self.option.into_iter().collect(),
        }
    }
}

fn not_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn option(text: &str) -> Result<(String, Option<String>), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), not_empty(value.to_owned()))),
        _ => Err("a name, `=` and a value, such as autofill=yes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_parted_at_the_first_equals_sign() {
        let set = option("setqueuevar=a=b").unwrap();
        assert_eq!(set, ("setqueuevar".to_owned(), Some("a=b".to_owned())));
        assert_eq!(option("autofill=").unwrap(), ("autofill".to_owned(), None));
        for bad in ["", "autofill", "=yes"] {
            assert!(option(bad).is_err(), "{bad}");
        }
    }
}
