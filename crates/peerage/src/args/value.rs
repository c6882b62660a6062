//! Values of flags: read by the model's types, so that a flag, a CSV column and the database have one rule.

use std::fmt;
use std::str::FromStr;

use peerage_model::Invalid;

/// Reads a value by its type. The message has the rule alone, because clap names flag and value itself.
pub(crate) fn typed<T: FromStr<Err = Invalid>>(text: &str) -> Result<T, Rule> {
    text.parse().map_err(|invalid| Rule::new(text, &invalid))
}

/// As [`typed`], for what can be left empty: the empty text takes the value away.
pub(crate) fn clearable<T: FromStr<Err = Invalid>>(text: &str) -> Result<Clearable<T>, Rule> {
    if text.is_empty() {
        return Ok(Clearable(None));
    }
    typed(text).map(|value| Clearable(Some(value)))
}

/// A value or its absence. A type of its own, since clap gives `Option<Option<_>>` a meaning that is not meant here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clearable<T>(pub(crate) Option<T>);

/// Reads one word of a closed vocabulary; help and completions list the words.
macro_rules! word {
    ($vocabulary:ty) => {
        clap::builder::TypedValueParser::try_map(
            clap::builder::PossibleValuesParser::new(<$vocabulary>::ALL.iter().map(|word| word.as_str())),
            |word: String| <$vocabulary>::try_from(word.as_str()),
        )
    };
}
pub(crate) use word;

/// The rule that a value broke; the part that broke it first, when the value has parts.
#[derive(Debug)]
pub(crate) struct Rule(String);

impl Rule {
    fn new(given: &str, invalid: &Invalid) -> Self {
        if invalid.value() == given || invalid.value() == "***" {
            Self(invalid.rule().to_owned())
        } else {
            Self(invalid.to_string())
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Rule {}

#[cfg(test)]
mod tests {
    use peerage_model::{Alias, Codecs, Number};

    use super::*;

    #[test]
    fn a_rule_stands_alone_unless_only_a_part_of_the_value_broke_it() {
        let rule = typed::<Number>("a b").unwrap_err().to_string();
        assert_eq!(rule, Number::RULE);
        let rule = typed::<Codecs>("ulaw,mp3").unwrap_err().to_string();
        assert!(rule.starts_with("`codecs` cannot be `mp3`: one of"), "{rule}");
    }

    #[test]
    fn the_empty_text_clears() {
        assert_eq!(clearable::<Alias>("").unwrap(), Clearable(None));
        assert!(clearable::<Alias>("Ada").unwrap().0.is_some());
        assert!(clearable::<Alias>(" ").is_err());
    }
}
