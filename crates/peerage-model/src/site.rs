use crate::text::{starts, text};
use crate::vocabulary::vocabulary;

fn is_label(text: &str) -> bool {
    starts(
        text,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
        40,
    )
}

text! {
    /// The name of a site: `[a-z0-9][a-z0-9-]{0,39}`.
    SiteName, field "site",
    rule "a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`",
    accepts is_label
}

impl Default for SiteName {
    /// `default`, the site every database has.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

text! {
    /// The name of an Asterisk node: `[a-z0-9][a-z0-9-]{0,39}`.
    ///
    /// It is `dbappname` of `res_pgsql.conf`, which takes no blanks: the value is pasted unquoted
    /// into a connection string.
    NodeName, field "node",
    rule "a lower-case letter or digit, then up to 39 lower-case letters, digits or `-`",
    accepts is_label
}

vocabulary! {
    /// The SIP channel driver of a site's Asterisk nodes.
    Driver, field "driver" {
        /// `chan_pjsip`.
        Pjsip = "pjsip",
        /// `chan_sip`, up to Asterisk 20.
        Sip = "sip",
    }
}

impl Default for Driver {
    /// `pjsip`.
    fn default() -> Self {
        Self::Pjsip
    }
}

vocabulary! {
    /// What a login onto a busy telephone does.
    ConflictPolicy, field "conflict_policy" {
        /// It is refused.
        Deny = "deny",
        /// It ends the other session.
        TakeOver = "take_over",
    }
}

impl Default for ConflictPolicy {
    /// `deny`.
    fn default() -> Self {
        Self::Deny
    }
}
