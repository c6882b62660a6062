use crate::text::{only, text};

text! {
    /// The dialplan context in which an account's calls begin: 1 to 79 of `[0-9A-Za-z_.-]`.
    ///
    /// # Source
    ///
    /// `AST_MAX_CONTEXT` 80, its end included, Asterisk 22.10.1 `include/asterisk/channel.h`.
    Context, field "context",
    rule "1 to 79 letters, digits, `_`, `.` or `-`",
    accepts |text| only(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        79,
    )
}

impl Default for Context {
    /// `from-sip`.
    fn default() -> Self {
        Self("from-sip".to_owned())
    }
}
