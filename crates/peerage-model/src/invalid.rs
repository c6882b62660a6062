use std::fmt;

/// Most characters of a refused value that a message shows.
///
/// Enough to recognise it; a whole file pasted by mistake stays out of the terminal and the log.
const SHOWN: usize = 80;

/// A value that its field does not take, and the rule it breaks.
///
/// The one error of all parsing in this crate. Its text names the field, the value and the rule:
/// `` `nat` cannot be `maybe`: one of yes, no, force_rport, comedia, never, route ``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    field: &'static str,
    value: String,
    rule: String,
}

impl Invalid {
    /// An error about `value`, which may be shown to whoever gave it.
    pub fn new(field: &'static str, value: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            field,
            value: value.into(),
            rule: rule.into(),
        }
    }

    /// An error about a secret: its value is not taken, and shows as `***`.
    pub fn hidden(field: &'static str, rule: impl Into<String>) -> Self {
        Self::new(field, "***", rule)
    }

    /// The field that refused the value.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The refused value as it was given, whole and unescaped; `***` for a secret.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What the field takes, in words.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The same error under the name the caller knows the field by, such as a flag or a column.
    #[must_use]
    pub fn with_field(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }
}

impl fmt::Display for Invalid {
    /// Control characters are escaped, so that no value can forge a log line or drive a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be `", self.field)?;
        for (position, c) in self.value.chars().enumerate() {
            if position == SHOWN {
                f.write_str("...")?;
                break;
            }
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        write!(f, "`: {}", self.rule)
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_field_the_value_and_the_rule() {
        let error = Invalid::new("nat", "maybe", "one of yes, no").with_field("--nat");
        assert_eq!(error.to_string(), "`--nat` cannot be `maybe`: one of yes, no");
    }

    #[test]
    fn a_message_escapes_control_characters_and_cuts_a_long_value() {
        let error = Invalid::new("number", "1\n\u{1b}[31m2", "digits");
        assert_eq!(error.to_string(), "`number` cannot be `1\\n\\u{1b}[31m2`: digits");
        assert_eq!(error.value(), "1\n\u{1b}[31m2");
        let long = Invalid::new("number", "9".repeat(500), "digits").to_string();
        assert_eq!(long, format!("`number` cannot be `{}...`: digits", "9".repeat(80)));
    }

    #[test]
    fn an_error_about_a_secret_holds_no_value() {
        assert_eq!(Invalid::hidden("secret", "8 to 128").value(), "***");
    }
}
