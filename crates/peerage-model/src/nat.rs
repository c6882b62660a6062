use crate::vocabulary::vocabulary;

vocabulary! {
    /// How a phone behind network address translation is treated.
    ///
    /// The words of chan_sip; what each becomes in PJSIP stands in the views.
    ///
    /// # Source
    ///
    /// `sip_parse_nat_option`, Asterisk 20.20.1 `channels/sip/config_parser.c`.
    Nat, field "nat" {
        /// Answer to where the request came from, and send media to where it comes from.
        Yes = "yes",
        /// Trust what the phone says.
        No = "no",
        /// Answer to where the request came from, whatever the phone asks (RFC 3581).
        ForceRport = "force_rport",
        /// Send media to where it comes from.
        Comedia = "comedia",
        /// As `no`: chan_sip takes it for that without a word.
        Never = "never",
        /// Assume address translation: as `yes`.
        Route = "route",
    }
}

impl Default for Nat {
    /// `force_rport`.
    fn default() -> Self {
        Self::ForceRport
    }
}
