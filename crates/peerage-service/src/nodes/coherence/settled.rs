//! What the outcome of an action means here: done with, or still to do.

use peerage_ami::{Action, Outcome, Reason, Word};

use crate::nodes::Node;

/// Whether an action is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is: done, or nothing was there to be done.
    Yes,
    /// It is not: Asterisk never saw it, or nobody knows.
    No,
}

impl Settled {
    pub(super) fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub(super) fn is_no(self) -> bool {
        self == Self::No
    }
}

/// Sends an action, counts what became of it, and says whether it is done with.
pub(super) async fn send(node: &Node, what: &'static str, action: Action) -> Settled {
    let outcome = node.link.send(action).await;
    judge(node, what, &outcome)
}

/// Judges an outcome, and counts it.
pub(super) fn judge(node: &Node, what: &'static str, outcome: &Outcome) -> Settled {
    let (settled, became) = match outcome {
        Outcome::Done(_) => (Settled::Yes, "done"),
        Outcome::Refused(refusal) => match refusal.reason() {
            Reason::Absent | Reason::NoSuchAction => (Settled::Yes, "absent"),
            Reason::ShuttingDown => (Settled::No, "not_sent"),
            // A node that does not cache has no such cache.
            Reason::Other if refusal.message().contains("does not exist") => (Settled::Yes, "absent"),
            Reason::NotPermitted | Reason::Other => {
                tracing::warn!(node = %node.name, what, %refusal, "Asterisk refused; does manager.conf grant what the shipped one does?");
                (Settled::Yes, "refused")
            }
        },
        Outcome::NotSent(_) => (Settled::No, "not_sent"),
        Outcome::Unknown(_) => (Settled::No, "unknown"),
    };
    node.app.metrics().action(&node.name, what, became);
    settled
}

/// A line of Asterisk's command line that does one thing, in words that are known to be words.
pub(super) fn line(parts: &[&str]) -> Option<Action> {
    parts.join(" ").try_into().ok().map(Action::command)
}

/// Whether a module runs; none when Asterisk does not say.
pub(super) async fn is_running(node: &Node, module: &'static str) -> Option<bool> {
    let action = line(&["module show like", module])?;
    match node.link.send(action).await {
        Outcome::Done(answer) => Some(answer.output().lines().any(|line| line.starts_with(module))),
        // Without the right to ask: both are tried then, and what is not there says so.
        Outcome::Refused(_) => Some(true),
        Outcome::NotSent(_) | Outcome::Unknown(_) => None,
    }
}

/// A number as a word of a command; numbers have no sign that parts words.
pub(super) fn word(number: &peerage_model::Number) -> Option<Word> {
    Word::try_from(number.as_str()).ok()
}
