//! `peerage agent login` and the other commands on an agent's state.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use peerage_model::{Choice, EndReason, Number, OnConflict, QueueName, ReasonCode};

use super::value::typed;

const LOGIN_EXAMPLES: &str = "\
For an agent with hot desk, choose a phone with --phone. For other agents, choose an --interface; `phone` is the number in \
the agent's phone field. Without either flag, an agent who is already logged in stays where he or she is; any other \
agent logs in on `internal`.

Runs with administrator rights; the agent's own permissions do not apply. If the agent is \
already logged in there, the command succeeds and changes nothing.

Examples:
  peerage agent login 1001
  peerage agent login 1001 --interface mobile
  peerage agent login 1004 --phone 2001
  peerage agent login 1004 --phone 2001 --take-over
  peerage agent login 1004 --phone 2001 --force --reason \"Ada has gone home\"";

const MOVE_EXAMPLES: &str = "\
The session continues with its pauses and queues; a current call is not affected. An agent with hot desk moves to a phone \
(--phone), any other agent to an interface (--interface); `phone` is the number in the agent's phone field.

Runs with administrator rights; the agent's own permissions do not apply. If the agent is \
already there, the command succeeds and changes nothing.

Examples:
  peerage agent move 1001 --interface phone
  peerage agent move 1004 --phone 2002
  peerage agent move 1004 --phone 2002 --force --reason \"desk needed\"";

const LOGOUT_EXAMPLES: &str = "\
A current call continues. With --after-call, the agent gets no further call and is logged out when the call ends; `unpause` \
cancels this.

Runs with administrator rights; the agent's own permissions do not apply. If the agent is \
already logged out, the command succeeds and changes nothing.

Examples:
  peerage agent logout 1001
  peerage agent logout 1001 --after-call
  peerage agent logout 1001 --reason \"left without logging out\"";

const PAUSE_EXAMPLES: &str = "\
A new reason replaces the current one. The default reason is `supervisor`. `peerage pause-reason list` shows the codes.

Runs with administrator rights; the agent's own permissions do not apply. If the agent is \
already paused with this reason, the command succeeds and changes nothing.

Examples:
  peerage agent pause 1001 --reason lunch
  peerage agent pause 1001 --queue sales";

const UNPAUSE_EXAMPLES: &str = "\
Without --queue, all pauses end. With --queue, an agent who is paused in all queues stays paused in the others. Also \
cancels a logout that waits for the end of a call.

Runs with administrator rights; the agent's own permissions do not apply. If the agent is \
not paused, the command succeeds and changes nothing.

Examples:
  peerage agent unpause 1001
  peerage agent unpause 1001 --queue sales";

const HISTORY_EXAMPLES: &str = "\
Times are in the time zone of the agent's site, unless they have their own, such as 2026-01-31T00:00:00Z. The default is \
today. Open sessions and pauses count up to the end of the period, and at most up to now.

CSV has a line for each session, pause and total. JSON has times in UTC.

Examples:
  peerage agent history 1001
  peerage agent history 1001 --day 2026-01-31
  peerage agent history 1001 --from 2026-01-31T08:00 --to 2026-01-31T12:00 --format csv";

/// Subcommands of `peerage agent`.
#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Log an agent in
    #[command(after_long_help = LOGIN_EXAMPLES)]
    Login(Login),
    /// Move an agent to another phone or interface, keeping the session
    #[command(after_long_help = MOVE_EXAMPLES)]
    Move(Move),
    /// Log an agent out
    #[command(after_long_help = LOGOUT_EXAMPLES)]
    Logout(Logout),
    /// Pause an agent
    #[command(after_long_help = PAUSE_EXAMPLES)]
    Pause(Pause),
    /// End an agent's pauses
    #[command(after_long_help = UNPAUSE_EXAMPLES)]
    Unpause(Unpause),
    /// Show an agent's sessions, pauses and totals
    #[command(after_long_help = HISTORY_EXAMPLES)]
    History(History),
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) conflict: Conflict,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("destination").required(true).args(["interface", "phone"])))]
pub(crate) struct Move {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) conflict: Conflict,
}

/// Where calls are to ring.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Ring calls on one of the agent's own interfaces
    #[arg(long, value_enum, value_name = "INTERFACE")]
    interface: Option<Interface>,
    /// Ring calls on this phone (hot desk)
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>, conflicts_with = "interface")]
    phone: Option<Number>,
}

/// An interface of the agent's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Interface {
    /// The agent's own account
    Internal,
    /// The agent's phone number: another account, or an outside number
    Phone,
    /// The agent's mobile number
    Mobile,
}

impl Place {
    /// Returns the choice, if there is one.
    pub(crate) fn choice(&self) -> Option<Choice> {
        match (&self.phone, self.interface) {
            (Some(phone), _) => Some(Choice::Telephone(phone.clone())),
            (None, Some(Interface::Internal)) => Some(Choice::Internal),
            (None, Some(Interface::Phone)) => Some(Choice::Phone),
            (None, Some(Interface::Mobile)) => Some(Choice::Mobile),
            (None, None) => None,
        }
    }
}

/// What to do about another agent who is there.
#[derive(Debug, Clone, Args)]
pub(crate) struct Conflict {
    /// Log out the agent who is there, if the site's conflict policy is take_over
    #[arg(long, conflicts_with = "force")]
    take_over: bool,
    /// Log out the agent who is there, whatever the policy; needs --reason
    #[arg(long)]
    force: bool,
    /// Reason, for the history of the agent who is logged out
    #[arg(long, value_name = "TEXT", value_parser = typed::<EndReason>, requires = "force")]
    reason: Option<EndReason>,
}

impl Conflict {
    /// Converts the flags into the model's type.
    pub(crate) fn into_wish(self) -> OnConflict {
        if self.force {
            OnConflict::Force(self.reason)
        } else if self.take_over {
            OnConflict::TakeOver
        } else {
            OnConflict::Refuse
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Log out when the current call ends
    #[arg(long)]
    pub(crate) after_call: bool,
    /// Reason, for the agent's history
    #[arg(long, value_name = "TEXT", value_parser = typed::<EndReason>)]
    pub(crate) reason: Option<EndReason>,
}

#[derive(Debug, Args)]
pub(crate) struct Pause {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Code of the pause reason
    #[arg(long, value_name = "CODE", value_parser = typed::<ReasonCode>)]
    pub(crate) reason: Option<ReasonCode>,
    /// Only in this queue
    #[arg(long, value_name = "NAME", value_parser = typed::<QueueName>)]
    pub(crate) queue: Option<QueueName>,
}

#[derive(Debug, Args)]
pub(crate) struct Unpause {
    /// The agent's number
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Only in this queue
    #[arg(long, value_name = "NAME", value_parser = typed::<QueueName>)]
    pub(crate) queue: Option<QueueName>,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The agent's number, even of a removed agent
    #[arg(value_parser = typed::<Number>)]
    pub(crate) number: Number,
    /// Start of the period; default: the beginning of the day
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) from: Option<Moment>,
    /// End of the period; default: now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) to: Option<Moment>,
    /// A whole day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, conflicts_with_all = ["from", "to"])]
    pub(crate) day: Option<Date>,
}

/// A point in time, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// With a zone.
    Absolute(Timestamp),
    /// As the clock at the site shows it.
    Local(DateTime),
}

fn moment(text: &str) -> Result<Moment, &'static str> {
    let rule = "a time at the site, such as 2026-01-31T08:00, or a time with its zone, such as 2026-01-31T00:00:00Z";
    if let Ok(absolute) = text.parse() {
        return Ok(Moment::Absolute(absolute));
    }
    // jiff would silently ignore the name of a zone after a local time.
    let local = Some(text).filter(|text| !text.contains('[')).map(str::parse);
    local.and_then(Result::ok).map(Moment::Local).ok_or(rule)
}

fn day(text: &str) -> Result<Date, &'static str> {
    let written = text.len() == "2026-01-31".len();
    let date = Some(text).filter(|_| written).map(str::parse);
    date.and_then(Result::ok).ok_or("a day, such as 2026-01-31")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_local_unless_it_has_a_zone() {
        assert_eq!(
            moment("2026-01-31T00:00:00Z"),
            Ok(Moment::Absolute("2026-01-31T00:00:00Z".parse().unwrap()))
        );
        assert_eq!(
            moment("2026-01-31T08:00"),
            Ok(Moment::Local("2026-01-31T08:00:00".parse().unwrap()))
        );
        assert_eq!(
            moment("2026-01-31"),
            Ok(Moment::Local("2026-01-31T00:00:00".parse().unwrap()))
        );
        for bad in ["", "yesterday", "2026-02-30", "2026-01-31T08:00[Europe/Rome]", "08:00"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_has_no_time() {
        assert_eq!(day("2026-01-31"), Ok(jiff::civil::date(2026, 1, 31)));
        for bad in ["", "2026-02-30", "2026-01-31T08:00", "31.1.2026"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }
}
