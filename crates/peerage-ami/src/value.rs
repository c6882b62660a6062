//! What may stand in an action: values that cannot become a second line.

use std::borrow::Cow;
use std::fmt;

/// Asterisk reads an action's line into 1,024 bytes with its end, and refuses the action when it does not fit.
///
/// # Source
///
/// `main/manager.c`, `struct mansession_session` (`inbuf`) and `get_input`.
const LINE: usize = 1022;

/// A text that cannot stand in an action.
///
/// The text itself is not part of the error: it may be a secret, and its line breaks do not belong in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {rule}")]
pub struct Invalid {
    what: &'static str,
    rule: &'static str,
}

impl Invalid {
    pub(crate) fn new(what: &'static str, rule: &'static str) -> Self {
        Self { what, rule }
    }
}

/// The name of an action or of one of its fields: 1 to 64 ASCII letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// The longest name, in bytes.
    pub const MOST: usize = 64;
    const WHAT: &'static str = "the name of an action or field";

    /// A name that stands in this crate; a test holds them all against [`Name::check`].
    pub(crate) const fn fixed(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is `other`; like Asterisk, without regard to case.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    fn check(name: &str) -> Result<(), Invalid> {
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || name.len() > Self::MOST {
            return Err(Invalid::new(Self::WHAT, "must have 1 to 64 bytes"));
        }
        if !name.bytes().all(sound) {
            return Err(Invalid::new(
                Self::WHAT,
                "must be of ASCII letters, digits, `-` and `_` alone",
            ));
        }
        Ok(())
    }
}

/// The value of an action's field: a text that stays one line and reaches Asterisk as it is.
///
/// - No carriage return, line feed or NUL: the first two would begin another field or another action, the third ends the
///   line for Asterisk.
/// - Not empty: to Asterisk an empty field is one that is absent, and an absent `Queue` means *every* queue. Leave the
///   field out instead.
/// - Not begun by a blank or control character, because Asterisk drops those; a value of blanks alone would be empty.
/// - At most [`Value::MOST`] bytes: longer lines Asterisk refuses.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(String);

impl Value {
    /// The longest value, in bytes; with the longest name it fills the line that Asterisk takes.
    pub const MOST: usize = LINE - Name::MOST - ": ".len();
    const WHAT: &'static str = "the value of a field";

    /// A value that stands in this crate.
    pub(crate) fn fixed(value: &'static str) -> Self {
        Self(value.to_owned())
    }

    /// An action's id.
    pub(crate) fn id(prefix: &str, number: u64) -> Self {
        Self(format!("{prefix}{number}"))
    }

    /// The beginning of a command, and its last word; a word is short enough for it.
    pub(crate) fn joined(start: &'static str, word: &Word) -> Self {
        Self(format!("{start}{word}"))
    }

    /// A function of the dialplan, and its argument.
    pub(crate) fn function(name: &'static str, argument: &Word) -> Self {
        Self(format!("{name}({argument})"))
    }

    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn check(value: &str) -> Result<(), Invalid> {
        let fault = |rule| Err(Invalid::new(Self::WHAT, rule));
        if value.contains(['\r', '\n', '\0']) {
            return fault("must not contain a line break or NUL");
        }
        if value.is_empty() {
            return fault("must not be empty: leave the field out");
        }
        if value.as_bytes().first().is_some_and(|first| *first <= b' ') {
            return fault("must not begin with a blank or control character");
        }
        if value.len() > Self::MOST {
            return fault("must not have more than 956 bytes");
        }
        Ok(())
    }
}

/// One word of a line for Asterisk's command line, such as a peer's name: a [`Value`] that stays one argument.
///
/// Nothing that the command line takes apart: no blank, no control character, no `"` and no `\`.
///
/// # Source
///
/// `main/cli.c`, `parse_args`.
#[derive(Clone, PartialEq, Eq)]
pub struct Word(Value);

impl Word {
    /// The longest word, in bytes, so that a command around it still fits.
    pub const MOST: usize = 256;

    /// The word as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn check(word: &str) -> Result<(), Invalid> {
        let fault = |rule| Err(Invalid::new("a word of a command", rule));
        if word.len() > Self::MOST {
            return fault("must not have more than 256 bytes");
        }
        let parts = |sign: char| sign.is_control() || sign.is_whitespace() || matches!(sign, '"' | '\\');
        if word.contains(parts) {
            return fault("must not contain a blank, a control character, `\"` or `\\`");
        }
        Ok(())
    }
}

impl TryFrom<String> for Name {
    type Error = Invalid;

    fn try_from(name: String) -> Result<Self, Invalid> {
        Self::check(&name)?;
        Ok(Self(name.into()))
    }
}

impl TryFrom<String> for Value {
    type Error = Invalid;

    fn try_from(value: String) -> Result<Self, Invalid> {
        Self::check(&value)?;
        Ok(Self(value))
    }
}

impl TryFrom<String> for Word {
    type Error = Invalid;

    fn try_from(word: String) -> Result<Self, Invalid> {
        Self::check(&word)?;
        Ok(Self(Value::try_from(word)?))
    }
}

impl From<Word> for Value {
    fn from(word: Word) -> Self {
        word.0
    }
}

/// What the three have in common: read from borrowed text, printed as they are.
macro_rules! text {
    ($($kind:ident),*) => {$(
        impl TryFrom<&str> for $kind {
            type Error = Invalid;

            fn try_from(text: &str) -> Result<Self, Invalid> {
                Self::try_from(text.to_owned())
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    )*};
}

text!(Name, Value, Word);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_or_nul_is_refused_wherever_it_stands() {
        for bad in [
            "1001\r\nAction: Originate",
            "\n",
            "a\rb",
            "a\nb",
            "a\0b",
            "ends\n",
            "ends\r\n",
            "\nbegins",
            "nul\0",
            "\r\n\r\n",
        ] {
            assert!(Value::try_from(bad).is_err(), "{bad:?}");
            assert!(Name::try_from(bad).is_err(), "{bad:?}");
            assert!(Word::try_from(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_asterisk_would_read_as_absent_is_refused() {
        for bad in ["", " ", "\t", " support"] {
            assert!(Value::try_from(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn ordinary_values_are_taken() {
        for good in ["support", "Local/5@out/n", "a: b: c", "Zoë", "trailing ", "a;b^3B", ":"] {
            assert_eq!(Value::try_from(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn the_longest_line_fits_what_asterisk_reads() {
        let name = Name::try_from("n".repeat(Name::MOST)).unwrap();
        let value = Value::try_from("v".repeat(Value::MOST)).unwrap();
        assert_eq!(format!("{name}: {value}\r\n").len(), 1024);
        assert!(Name::try_from("n".repeat(Name::MOST + 1)).is_err());
        assert!(Value::try_from("v".repeat(Value::MOST + 1)).is_err());
    }

    #[test]
    fn a_name_has_no_sign_that_parts_it_from_its_value() {
        for bad in ["", "Que ue", "Queue:", "Queue: x", "Größe"] {
            assert!(Name::try_from(bad).is_err(), "{bad:?}");
        }
        assert!(Name::try_from("X-Peer_1").unwrap().is("x-peer_1"));
    }

    #[test]
    fn a_word_stays_one_argument() {
        for bad in ["a b", "\"a", "a\\", "a\tb", "a\u{a0}b"] {
            assert!(Word::try_from(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Word::try_from("1001-a.b").unwrap().as_str(), "1001-a.b");
    }

    #[test]
    fn an_error_does_not_repeat_the_text() {
        let error = Value::try_from("sesame\r\n").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sesame"));
    }
}
