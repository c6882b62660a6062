use crate::list::list;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// An audio codec, by Asterisk's name.
    ///
    /// Closed, because a codec unknown to Asterisk removes the whole endpoint.
    ///
    /// # Source
    ///
    /// `main/codec_builtin.c`, Asterisk 22.10.1.
    Codec, field "codecs" {
        /// G.711 mu-law.
        Ulaw = "ulaw",
        /// G.711 A-law.
        Alaw = "alaw",
        /// GSM full rate.
        Gsm = "gsm",
        /// G.722, wide band.
        G722 = "g722",
        /// G.729A.
        G729 = "g729",
        /// Opus (RFC 6716).
        Opus = "opus",
    }
}

list! {
    /// The codecs offered, the preferred one first; at least one, none twice.
    Codecs of Codec, field "codecs", may be empty false,
    rule "one or more of ulaw, alaw, gsm, g722, g729, opus, none twice"
}

impl Default for Codecs {
    /// `ulaw,alaw`.
    fn default() -> Self {
        Self(vec![Codec::Ulaw, Codec::Alaw])
    }
}
