//! Lengths of time that have their own bounds.

/// Makes a whole number of seconds between two bounds.
macro_rules! seconds {
    (
        $(#[$doc:meta])*
        $name:ident, field $field:literal, up to $most:literal, default $default:literal, rule $rule:literal
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name(i32);

        impl $name {
            /// The field an error names, unless the caller knows it by another.
            pub const FIELD: &'static str = $field;
            /// What the field takes, in words.
            pub const RULE: &'static str = $rule;
            /// The largest number of seconds.
            pub const MAX: i32 = $most;

            /// The number of seconds.
            pub const fn get(self) -> i32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = Invalid;

            fn try_from(seconds: i64) -> Result<Self, Self::Error> {
                match i32::try_from(seconds) {
                    Ok(seconds) if (0..=Self::MAX).contains(&seconds) => Ok(Self(seconds)),
                    _ => Err(Invalid::new(Self::FIELD, seconds.to_string(), Self::RULE)),
                }
            }
        }

        impl TryFrom<i32> for $name {
            type Error = Invalid;

            fn try_from(seconds: i32) -> Result<Self, Self::Error> {
                Self::try_from(i64::from(seconds))
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.parse::<i64>() {
                    Ok(seconds) if seconds.to_string() == text => Self::try_from(seconds),
                    _ => Err(Invalid::new(Self::FIELD, text, Self::RULE)),
                }
            }
        }

        impl From<$name> for i64 {
            fn from(seconds: $name) -> Self {
                i64::from(seconds.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

use std::fmt;
use std::str::FromStr;

use peerage_model::Invalid;

seconds! {
    /// Seconds before an interaction is accepted without asking; none by default.
    AutoAnswerDelay, field "auto_answer_delay_seconds", up to 3600, default 0, rule "0 to 3600 seconds"
}

seconds! {
    /// Seconds after which an agent whose page is gone is logged out; 0 is never, and five minutes the default.
    DisconnectionTimeout, field "disconnection_timeout_seconds", up to 86400, default 300,
    rule "0 to 86400 seconds; 0 is never"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_within_the_bounds() {
        assert_eq!(AutoAnswerDelay::try_from(0).unwrap(), AutoAnswerDelay::default());
        assert_eq!(
            DisconnectionTimeout::try_from(300).unwrap(),
            DisconnectionTimeout::default()
        );
    }

    #[test]
    fn only_plain_decimal_within_the_bounds_is_taken() {
        for text in ["", "-1", "+1", "01", "1.5", "3601", "99999999999999999999"] {
            assert!(text.parse::<AutoAnswerDelay>().is_err(), "{text}");
        }
        assert_eq!("3600".parse::<AutoAnswerDelay>().unwrap().get(), 3600);
        assert_eq!("86400".parse::<DisconnectionTimeout>().unwrap().to_string(), "86400");
    }
}
