//! The macro behind every closed vocabulary.

/// Makes an enumeration of words: an unknown word is an error that lists the known ones, never a
/// default.
macro_rules! vocabulary {
    (
        $(#[$doc:meta])*
        $name:ident, field $field:literal {
            $( $(#[$word_doc:meta])* $variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$word_doc])* $variant, )+
        }

        impl $name {
            /// The field an error names, unless the caller knows it by another.
            pub const FIELD: &'static str = $field;
            /// Every word, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The word as it is stored; lower case.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, $crate::Invalid> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    _ => {
                        let words: Vec<&str> = Self::ALL.iter().map(|word| word.as_str()).collect();
                        Err($crate::Invalid::new(
                            Self::FIELD,
                            text,
                            format!("one of {}", words.join(", ")),
                        ))
                    }
                }
            }
        }

        $crate::text::as_text!($name);
    };
}

pub(crate) use vocabulary;
