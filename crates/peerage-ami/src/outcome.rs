//! What became of an action.

use crate::Frame;

/// What became of an action; [`Outcome::done`] makes it a `Result`.
#[derive(Clone, Debug)]
#[must_use = "an action may not have been done"]
pub enum Outcome {
    /// Asterisk says that it did it.
    Done(Answer),
    /// Asterisk says that it did not.
    Refused(Refusal),
    /// Asterisk never saw it.
    NotSent(NotSent),
    /// It was sent, in part at least, and no answer came: Asterisk may have done it or not, or may do it yet.
    Unknown(Unknown),
}

impl Outcome {
    /// The answer, or why there is none.
    ///
    /// # Errors
    ///
    /// Every outcome but [`Outcome::Done`].
    pub fn done(self) -> Result<Answer, Undone> {
        match self {
            Self::Done(answer) => Ok(answer),
            Self::Refused(refusal) => Err(Undone::Refused(refusal)),
            Self::NotSent(why) => Err(Undone::NotSent(why)),
            Self::Unknown(why) => Err(Undone::Unknown(why)),
        }
    }
}

/// An [`Outcome`] that is not [`Outcome::Done`], as an error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Undone {
    /// Asterisk says that it did not do it.
    #[error("Asterisk refused: {0}")]
    Refused(Refusal),
    /// Asterisk never saw it.
    #[error("not sent: {0}")]
    NotSent(NotSent),
    /// Nobody knows.
    #[error("sent, with unknown outcome: {0}")]
    Unknown(Unknown),
}

/// What Asterisk answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) response: Frame,
    pub(crate) items: Vec<Frame>,
}

impl Answer {
    /// The response itself.
    #[must_use]
    pub fn response(&self) -> &Frame {
        &self.response
    }

    /// The events that are its list, in order, without the one that ends it. Empty when the action lists nothing.
    #[must_use]
    pub fn items(&self) -> &[Frame] {
        &self.items
    }

    /// What a command printed.
    #[must_use]
    pub fn output(&self) -> String {
        self.response.output()
    }
}

/// Asterisk's "no", in its own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    message: String,
}

/// Most characters that are kept of what Asterisk says about a refusal: its own texts are a line.
const MOST_CHARACTERS: usize = 500;

/// A text of the other side's, cut to a length that a log and a page can show.
pub(crate) fn bounded(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a refusal means, as far as its text tells. Asterisk has no codes; nobody but this crate should look at the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The user has no right to this action.
    NotPermitted,
    /// This Asterisk has no such action: too old, or the module is not loaded.
    NoSuchAction,
    /// What the action is about is not there: no such member in that queue, no such object in that cache.
    Absent,
    /// Asterisk is on its way down.
    ShuttingDown,
    /// Anything else.
    Other,
}

impl Refusal {
    pub(crate) fn of(response: &Frame) -> Self {
        // A command that fails says why where its output stands.
        let message = match response.all("Output").next() {
            Some(_) => response.output(),
            None => response.get("Message").unwrap_or("without a reason").to_owned(),
        };
        Self {
            message: bounded(message.trim()),
        }
    }

    /// Asterisk's words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What they mean.
    ///
    /// # Source
    ///
    /// Asterisk 22, `main/manager.c` (`process_message`), `apps/app_queue.c` (`manager_pause_queue_member`),
    /// `res/res_sorcery_memory_cache.c` (`sorcery_memory_cache_ami_expire_object`).
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self.message.as_str() {
            "Permission denied" => Reason::NotPermitted,
            "Interface not found" | "The provided object could not be expired from the cache" => Reason::Absent,
            "Asterisk is shutting down" => Reason::ShuttingDown,
            unknown if unknown.starts_with("Invalid/unknown command") => Reason::NoSuchAction,
            _ => Reason::Other,
        }
    }
}

/// Why an action was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// There is no connection; the link's state says why.
    #[error("the link is down")]
    Down,
    /// As many actions as allowed were waiting for their answers until the deadline, or the network took nothing.
    #[error("the link was busy until the deadline")]
    Busy,
    /// The link was shut down.
    #[error("the link is closed")]
    Closed,
    /// The moment until which it might be sent has passed.
    #[error("it was too late to send it")]
    TooLate,
}

/// Why the outcome of an action is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// The connection ended before the answer.
    #[error("the connection was lost before the answer")]
    Lost,
    /// No answer came in time. The connection is still there.
    #[error("no answer came in time")]
    Late,
    /// The answer came, but its list is longer than agreed to.
    #[error("the list in the answer is too long")]
    ListTooLong,
}
