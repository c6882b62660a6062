//! The macro behind every bounded whole number.

/// Makes a whole number within bounds. Its text form is the plain decimal one, without sign,
/// blanks or leading zeros; in JSON it is a number.
macro_rules! bounded {
    (
        $(#[$doc:meta])*
        $name:ident, field $field:literal, $least:literal ..= $most:literal, rule $rule:literal
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
            /// The least value.
            pub const MIN: i32 = $least;
            /// The greatest value.
            pub const MAX: i32 = $most;

            /// The number; `i32` because that is the column's type.
            pub const fn get(self) -> i32 {
                self.0
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $crate::Invalid;

            fn try_from(number: i64) -> Result<Self, Self::Error> {
                match i32::try_from(number) {
                    Ok(number) if (Self::MIN..=Self::MAX).contains(&number) => Ok(Self(number)),
                    _ => Err($crate::Invalid::new(Self::FIELD, number.to_string(), Self::RULE)),
                }
            }
        }

        impl TryFrom<i32> for $name {
            type Error = $crate::Invalid;

            fn try_from(number: i32) -> Result<Self, Self::Error> {
                Self::try_from(i64::from(number))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                match text.parse::<i64>() {
                    // Refuses `+5` and `007`, which parse but are not how the number is written.
                    Ok(number) if number.to_string() == text => Self::try_from(number),
                    _ => Err($crate::Invalid::new(Self::FIELD, text, Self::RULE)),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl From<$name> for i32 {
            fn from(number: $name) -> Self {
                number.0
            }
        }

        impl From<$name> for i64 {
            fn from(number: $name) -> Self {
                i64::from(number.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

pub(crate) use bounded;
