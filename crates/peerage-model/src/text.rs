//! The macro behind every validated text, and the character checks they share.

/// Whether a text is `first`, then `rest` only, at most `longest` characters in all.
pub(crate) fn starts(text: &str, first: fn(char) -> bool, rest: fn(char) -> bool, longest: usize) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(first) && chars.all(rest) && text.chars().count() <= longest
}

/// Whether a text is 1 to `longest` characters of one alphabet.
pub(crate) fn only(text: &str, alphabet: fn(char) -> bool, longest: usize) -> bool {
    starts(text, alphabet, alphabet, longest)
}

/// Whether a text can stand on one line of a page: 1 to `longest` characters, none of them a
/// control character (U+0000 to U+001F, U+007F to U+009F), and no blank at either end.
///
/// Only U+0020 counts as a blank: what else is one differs between Unicode tables, and the
/// database must come to the same verdict.
pub(crate) fn one_line(text: &str, longest: usize) -> bool {
    only(text, |c| !c.is_control(), longest) && !text.starts_with(' ') && !text.ends_with(' ')
}

/// Makes a text type that can only hold what `accepts` lets through.
///
/// `from_trusted` is for constants inside the crate: a default is checked by a test, not at run
/// time, because a default that can fail would have to panic.
macro_rules! text {
    (
        $(#[$doc:meta])*
        $name:ident, field $field:literal, rule $rule:literal, accepts $accepts:expr
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The field an error names, unless the caller knows it by another.
            pub const FIELD: &'static str = $field;
            /// What the field takes, in words.
            pub const RULE: &'static str = $rule;

            /// The text as it is stored and as Asterisk reads it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn accepts(text: &str) -> bool {
                let accepts: fn(&str) -> bool = $accepts;
                accepts(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if Self::accepts(&text) {
                    Ok(Self(text))
                } else {
                    Err($crate::Invalid::new(Self::FIELD, text, Self::RULE))
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::try_from(text.to_owned())
            }
        }

        $crate::text::as_text!($name);
    };
}

/// Gives a type with `as_str` and `TryFrom<&str>` the other forms of a text: `FromStr`, `Display`,
/// `AsRef<str>`, and serde as a string that is checked when it is read.
macro_rules! as_text {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::try_from(text.as_str()).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {as_text, text};
