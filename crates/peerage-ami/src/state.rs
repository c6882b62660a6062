//! How a link is, and why.

use std::io;
use std::time::SystemTime;

use crate::Fault;

/// How a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The first attempt has not ended yet.
    Connecting,
    /// Signed in, and Asterisk has booted.
    Up {
        /// Since when.
        since: SystemTime,
        /// The version of the Manager's protocol, such as `5.0.2`; it is not Asterisk's own.
        version: String,
    },
    /// Not connected; the link goes on trying.
    Down {
        /// Since when; failed attempts do not move it.
        since: SystemTime,
        /// What the last attempt failed with.
        failure: Failure,
    },
    /// Shut down, for good.
    Closed,
}

impl State {
    /// Whether actions can be sent.
    #[must_use]
    pub fn is_up(&self) -> bool {
        matches!(self, Self::Up { .. })
    }
}

/// Why a link is down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No TCP connection: the text is the operating system's.
    #[error("could not connect: {0}")]
    Unreachable(String),
    /// Asterisk does not let the user in: the text is Asterisk's. A wrong secret, an unknown user and an address that is
    /// not permitted look alike; Asterisk's own log tells them apart.
    #[error("Asterisk refused the sign-in: {0}")]
    LoginRefused(String),
    /// Signed in, but Asterisk did not finish booting in time.
    #[error("Asterisk has not finished booting in time")]
    NotBooted,
    /// The other side ended the connection: Asterisk stopped, or something between cut it.
    #[error("the other side ended the connection")]
    HungUp,
    /// The connection broke: the text is the operating system's.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// Nothing came for too long, not even an answer to the question whether Asterisk is there.
    #[error("nothing came for too long")]
    Silent,
    /// The connection was thrown away with what it had not delivered ([`Link::abandon`](crate::Link::abandon)).
    #[error("the connection was given up with what it had not delivered")]
    Abandoned,
    /// What came is not, or not within bounds, what a Manager interface says.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Failure {
    pub(crate) fn unreachable(error: &io::Error) -> Self {
        Self::Unreachable(error.to_string())
    }

    pub(crate) fn broken(error: &io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}
