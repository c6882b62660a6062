use crate::text::{only, text};

text! {
    /// The realm a secret is digested for: 1 to 79 of `[0-9A-Za-z_.-]`.
    ///
    /// It must equal `realm` of `sip.conf`, or the digest matches nothing; it stands between two
    /// colons in the digest, so it cannot hold one.
    Realm, field "realm",
    rule "1 to 79 letters, digits, `_`, `.` or `-`",
    accepts |text| only(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        79,
    )
}

impl Default for Realm {
    /// `asterisk`, which is Asterisk's own default.
    fn default() -> Self {
        Self("asterisk".to_owned())
    }
}
