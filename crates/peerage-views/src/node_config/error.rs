//! Why a node's configuration cannot be written.

/// A value that Asterisk could not carry, or a fault in a template.
///
/// Values are never part of the message: some are secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeConfigError {
    /// A value that must be there is empty.
    #[error("{field} is empty")]
    Empty {
        /// Which value.
        field: &'static str,
    },
    /// A value is longer than Asterisk takes; it would be cut without a word.
    #[error("{field} has {bytes} bytes; Asterisk takes at most {most}")]
    TooLong {
        /// Which value.
        field: &'static str,
        /// Its length, in bytes.
        bytes: usize,
        /// The most that Asterisk takes, in bytes.
        most: usize,
    },
    /// No line of `res_pgsql.conf` has room for one of libpq's options.
    #[error(
        "no line of res_pgsql.conf, of at most 63 bytes each, has room for the option {option}: names or paths have to be shorter"
    )]
    NoRoom {
        /// Its name.
        option: String,
    },
    /// A value has a character that Asterisk's configuration or the connection string would read as something else.
    #[error("{field} may not contain {character}")]
    Character {
        /// Which value.
        field: &'static str,
        /// The character, named.
        character: String,
    },
    /// A directory or file is not given from the root.
    #[error("{field} must be an absolute path")]
    NotAbsolute {
        /// Which value.
        field: &'static str,
    },
    /// The RTP range holds no pair of ports.
    #[error("the RTP ports must be a range of at least two")]
    RtpRange,
    /// A template names something that is not there: a fault of Peerage.
    #[error("template {template}, line {line}: {reason}")]
    Template {
        /// The template's file name.
        template: &'static str,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}
