use crate::list::list;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A transport of SIP.
    ///
    /// # Source
    ///
    /// `transport` of chan_sip's `sip.conf` (Asterisk 20.20.1), and the names Peerage gives to
    /// PJSIP's transports: `transport-udp` and so on.
    Transport, field "transport" {
        /// UDP.
        Udp = "udp",
        /// TCP.
        Tcp = "tcp",
        /// TLS over TCP.
        Tls = "tls",
        /// WebSocket (RFC 7118).
        Ws = "ws",
        /// WebSocket over TLS.
        Wss = "wss",
    }
}

impl Transport {
    /// Whether the media of such a phone is WebRTC: `ws` and `wss`.
    ///
    /// Asterisk accepts such a connection and cannot open one.
    pub const fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }
}

list! {
    /// The transports a phone may use, the preferred one first; 1 to 5, none twice.
    Transports of Transport, field "transport", may be empty false,
    rule "one or more of udp, tcp, tls, ws, wss, none twice"
}

impl Transports {
    /// Whether there is nothing but `ws` and `wss`: a browser, whose media is encrypted by DTLS.
    pub fn websocket_only(&self) -> bool {
        self.iter().all(|transport| transport.is_websocket())
    }

    /// Whether `ws` or `wss` stands beside one of the others.
    pub fn mixes_websocket(&self) -> bool {
        !self.websocket_only() && self.iter().any(|transport| transport.is_websocket())
    }

    /// The first over which Asterisk can reach a fixed address: the first of udp, tcp and tls;
    /// none when there is nothing but `ws` and `wss`.
    pub fn first_dialable(&self) -> Option<Transport> {
        self.iter().copied().find(|transport| !transport.is_websocket())
    }
}

impl Default for Transports {
    /// `udp`.
    fn default() -> Self {
        Self(vec![Transport::Udp])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transports(text: &str) -> Transports {
        text.parse().unwrap()
    }

    #[test]
    fn the_order_is_kept_and_blanks_around_commas_do_not_count() {
        assert_eq!(transports(" tls , udp").to_string(), "tls,udp");
        assert_eq!(transports("wss,ws,tls,tcp,udp").len(), Transport::ALL.len());
    }

    #[test]
    fn a_bad_word_is_named_alone_and_a_bad_list_whole() {
        let error = |text: &str| text.parse::<Transports>().unwrap_err();
        assert_eq!(error("udp,sctp").value(), "sctp");
        assert_eq!(error("udp,tls,udp").value(), "udp,tls,udp");
        assert_eq!(error("udp,,tls").value(), "");
        assert_eq!(error("").rule(), Transports::RULE);
    }

    #[test]
    fn asterisk_dials_over_the_first_that_is_no_websocket() {
        assert_eq!(transports("wss,tls,udp").first_dialable(), Some(Transport::Tls));
        assert_eq!(transports("wss,ws").first_dialable(), None);
        assert!(transports("wss,ws").websocket_only() && !transports("wss,ws").mixes_websocket());
        assert!(transports("wss,tls").mixes_websocket() && !transports("wss,tls").websocket_only());
        assert!(!transports("udp").mixes_websocket());
    }
}
