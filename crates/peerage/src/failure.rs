//! Why a command failed, and what to do about it.

use std::error::Error;
use std::fmt::Write;
use std::io;

use peerage_model::Invalid;

use crate::exit::Exit;

/// An error, shown as `error: ...` and `hint: ...`.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Lower case, without a full stop; none to exit silently.
    pub(crate) message: Option<String>,
    /// What the user can do.
    pub(crate) hint: Option<String>,
    /// Exit code.
    pub(crate) exit: Exit,
}

impl Failure {
    /// The command failed.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            hint: None,
            exit: Exit::Failed,
        }
    }

    /// The command was used incorrectly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            ..Self::failed(message)
        }
    }

    /// Standard output could not be written. A closed pipe, as with `head`, is not an error.
    pub(crate) fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                message: None,
                hint: None,
                exit: Exit::Done,
            };
        }
        Self::failed(format!("cannot write to standard output: {error}"))
    }

    /// The command failed because of this error and its sources.
    pub(crate) fn because(error: &dyn Error) -> Self {
        Self::failed(chain(error))
    }

    /// Like [`Failure::because`], with a prefix that says what was tried.
    pub(crate) fn while_trying(what: &str, error: &dyn Error) -> Self {
        Self::failed(format!("{what}: {}", chain(error)))
    }

    /// Adds a hint.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::usage(invalid.to_string())
    }
}

/// Joins an error and its sources, without repeating a text that the error above already ends with.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            let _ = write!(text, ": {cause_text}");
        }
        source = cause.source();
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read `x`")]
    struct Outer(#[source] io::Error);

    #[test]
    fn sources_follow_the_message() {
        let failure = Failure::because(&Outer(io::Error::other("no such thing")));
        assert_eq!(failure.message.as_deref(), Some("cannot read `x`: no such thing"));
    }

    #[test]
    fn a_source_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot: {0}")]
        struct Repeats(#[source] io::Error);
        let failure = Failure::because(&Repeats(io::Error::other("no such thing")));
        assert_eq!(failure.message.as_deref(), Some("cannot: no such thing"));
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let failure = Failure::output(&io::ErrorKind::BrokenPipe.into());
        assert_eq!((failure.exit, failure.message), (Exit::Done, None));
        assert_eq!(Failure::output(&io::ErrorKind::StorageFull.into()).exit, Exit::Failed);
    }
}
