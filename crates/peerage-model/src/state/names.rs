use crate::bounded::bounded;
use crate::text::{one_line, only, text};
use crate::vocabulary::vocabulary;

text! {
    /// The name of a queue, as Queue() is called with it: `[0-9A-Za-z_.-]{1,79}`. Case counts.
    ///
    /// `peerage-probe` is taken: Peerage asks Asterisk about it to learn whether queues are read.
    QueueName, field "queue",
    rule "1 to 79 letters, digits, `_`, `.` or `-`; peerage-probe is taken",
    accepts |text| text != "peerage-probe"
        && only(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'), 79)
}

text! {
    /// The code of a reason for a pause, as people give it: `[0-9A-Za-z_-]{1,40}`. Case counts.
    ReasonCode, field "reason",
    rule "1 to 40 letters, digits, `_` or `-`",
    accepts |text| only(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'), 40)
}

text! {
    /// The reason of a pause as it was written, which need not be a code: Asterisk writes what it
    /// is given. 1 to 79 bytes, which is what app_queue keeps (`reason_paused` in app_queue.c), no control characters.
    PauseReason, field "reason",
    rule "1 to 79 bytes without control characters",
    accepts |text| text.len() <= 79 && only(text, |c| !c.is_control(), 79)
}

impl From<ReasonCode> for PauseReason {
    fn from(code: ReasonCode) -> Self {
        Self(code.0)
    }
}

text! {
    /// Why somebody ended a session, in words: 1 to 200 characters, no control characters, no
    /// blank at either end.
    EndReason, field "reason",
    rule "1 to 200 characters without control characters, no blank at either end",
    accepts |text| one_line(text, 200)
}

vocabulary! {
    /// The reasons that Peerage and Asterisk give by themselves. Agents are never offered them.
    SystemReason, field "reason" {
        /// Each login of this agent begins paused.
        Login = "login",
        /// The agent leaves after the running call.
        AfterCall = "after-call",
        /// A call was missed; written by app_queue.
        AutoPause = "Auto-Pause",
        /// A supervisor paused and gave no reason.
        Supervisor = "supervisor",
        /// The agent's page was lost.
        ConnectionLost = "connection-lost",
    }
}

impl From<SystemReason> for PauseReason {
    fn from(reason: SystemReason) -> Self {
        Self(reason.as_str().to_owned())
    }
}

bounded! {
    /// Rank of an agent in a queue, 0 to 1000: members of lower penalty ring first.
    #[derive(Default)]
    Penalty, field "penalty", 0..=1000, rule "0 to 1000"
}

vocabulary! {
    /// The way by which a request came in.
    Entrance, field "entrance" {
        /// The command line.
        Cli = "cli",
        /// The web console.
        Console = "console",
        /// The HTTP API.
        Api = "api",
        /// A call to the dialplan.
        Phone = "phone",
    }
}

vocabulary! {
    /// How a session ended.
    EndCause, field "end_cause" {
        /// The agent logged out.
        Agent = "agent",
        /// A supervisor ended it.
        Supervisor = "supervisor",
        /// Another agent took the telephone.
        TakeOver = "take_over",
        /// The agent's page was gone for too long.
        Disconnection = "disconnection",
        /// An administrator ended it, also by disabling the account.
        Admin = "admin",
        /// The account was removed.
        Removed = "removed",
    }
}
