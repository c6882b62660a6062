use crate::vocabulary::vocabulary;

vocabulary! {
    /// Which way calls go, in chan_sip's words.
    PeerType, field "type" {
        /// It can call; it cannot be called or register.
        User = "user",
        /// It can be called; with a fixed host it is known by its address alone.
        Peer = "peer",
        /// Both ways.
        Friend = "friend",
    }
}

impl Default for PeerType {
    /// `friend`.
    fn default() -> Self {
        Self::Friend
    }
}
