//! Lists that keep their order and hold nothing twice.

/// Makes an ordered list without repeats, written with commas. In JSON it is an array.
macro_rules! list {
    (
        $(#[$doc:meta])*
        $name:ident of $item:ident, field $field:literal, may be empty $empty:literal, rule $rule:literal
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "Vec<String>")]
        pub struct $name(Vec<$item>);

        impl $name {
            /// The field an error names, unless the caller knows it by another.
            pub const FIELD: &'static str = $field;
            /// What the field takes, in words.
            pub const RULE: &'static str = $rule;

            /// The list of these, in this order.
            ///
            /// # Errors
            ///
            /// [`Invalid`](crate::Invalid) when one stands twice, or when there are too few.
            pub fn new(items: Vec<$item>) -> Result<Self, $crate::Invalid> {
                let mut seen = std::collections::HashSet::new();
                let repeated = !items.iter().all(|item| seen.insert(item));
                if repeated || (items.is_empty() && !$empty) {
                    return Err($crate::Invalid::new(
                        Self::FIELD,
                        $crate::list::joined(&items),
                        Self::RULE,
                    ));
                }
                Ok(Self(items))
            }

            /// The list of these words, such as the elements of a database array.
            ///
            /// # Errors
            ///
            /// [`Invalid`](crate::Invalid) with the word, or with the list as [`new`](Self::new) says.
            pub fn from_words<W: AsRef<str>>(
                words: impl IntoIterator<Item = W>,
            ) -> Result<Self, $crate::Invalid> {
                let items: Result<Vec<$item>, $crate::Invalid> = words
                    .into_iter()
                    .map(|word| {
                        $item::try_from(word.as_ref()).map_err(|error| error.with_field(Self::FIELD))
                    })
                    .collect();
                Self::new(items?)
            }

            /// The items in order.
            pub fn as_slice(&self) -> &[$item] {
                &self.0
            }

            /// The items in order.
            pub fn iter(&self) -> std::slice::Iter<'_, $item> {
                self.0.iter()
            }

            /// The words in order, as a database array takes them.
            pub fn words(&self) -> Vec<&str> {
                self.0.iter().map(|item| item.as_str()).collect()
            }

            /// How many there are.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether there is none.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Whether this one is among them.
            pub fn contains(&self, item: &$item) -> bool {
                self.0.contains(item)
            }
        }

        impl<'a> IntoIterator for &'a $name {
            type Item = &'a $item;
            type IntoIter = std::slice::Iter<'a, $item>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }

        impl TryFrom<Vec<String>> for $name {
            type Error = $crate::Invalid;

            fn try_from(words: Vec<String>) -> Result<Self, Self::Error> {
                Self::from_words(words)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::from_words($crate::list::split(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&$crate::list::joined(&self.0))
            }
        }
    };
}

pub(crate) use list;

/// The parts of a list written with commas; blanks around a comma do not count. A blank text has
/// no part; between two commas there is an empty one, which no field takes.
pub(crate) fn split(text: &str) -> Vec<&str> {
    if text.trim_matches(' ').is_empty() {
        return Vec::new();
    }
    text.split(',').map(|part| part.trim_matches(' ')).collect()
}

/// The items with commas between, the form [`split`] reads.
pub(crate) fn joined<T: AsRef<str>>(items: &[T]) -> String {
    let words: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    words.join(",")
}
