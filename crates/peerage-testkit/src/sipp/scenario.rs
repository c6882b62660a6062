//! The scenario files, filled in. Secrets do not go this way, see [`super::session`].

use anyhow::{Result, bail};

/// A scenario with `@NAME@` for what differs between phones.
pub(super) struct Scenario(String);

impl Scenario {
    pub(super) fn named(name: &str) -> Result<Self> {
        let text = match name {
            "register" => include_str!("../../scenarios/register.xml"),
            "call" => include_str!("../../scenarios/call.xml"),
            "answer" => include_str!("../../scenarios/answer.xml"),
            "ring" => include_str!("../../scenarios/ring.xml"),
            "refuse" => include_str!("../../scenarios/refuse.xml"),
            _ => bail!("no scenario {name}"),
        };
        Ok(Self(text.to_owned()))
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0 = self.0.replace(&format!("@{name}@"), value);
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// A session description that offers these codecs. Nobody listens at its port: no test needs the media.
pub(super) fn sdp(codecs: &[String]) -> Result<String> {
    let mut payloads = String::new();
    let mut maps = String::new();
    for codec in codecs {
        let (payload, map) = match codec.as_str() {
            "ulaw" => (0, "PCMU/8000"),
            "gsm" => (3, "GSM/8000"),
            "alaw" => (8, "PCMA/8000"),
            "g722" => (9, "G722/8000"),
            "g729" => (18, "G729/8000"),
            "opus" => (107, "opus/48000/2"),
            _ => bail!("unknown codec `{codec}`"),
        };
        payloads.push_str(&format!(" {payload}"));
        maps.push_str(&format!("\n    a=rtpmap:{payload} {map}"));
    }
    Ok(format!(
        "v=0\n    o=testkit 1 1 IN IP[local_ip_type] [local_ip]\n    s=-\n    c=IN IP[local_ip_type] [local_ip]\n    \
         t=0 0\n    m=audio 6000 RTP/AVP{payloads}{maps}"
    ))
}
