//! What is known of one channel.

use jiff::{SignedDuration, Timestamp};
use peerage_ami::Frame;
use peerage_model::{Interface, Number};

/// How far a call has come on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It is being set up, or torn down.
    Idle,
    /// It rings there.
    Ringing,
    /// It is up, or somebody dials there.
    Up,
}

impl Progress {
    /// By the number of the channel's state.
    ///
    /// # Source
    ///
    /// Asterisk 22, `include/asterisk/channelstate.h`: 0 down, 1 reserved, 2 off hook, 3 dialing, 4 ring (the one who calls),
    /// 5 ringing (the one who is called), 6 up, 7 busy, 8 dialing off hook, 9 pre-ring.
    fn of(state: &str) -> Self {
        match state {
            "5" | "9" => Self::Ringing,
            "2" | "3" | "4" | "6" | "8" => Self::Up,
            _ => Self::Idle,
        }
    }

    /// As a channel's own event or an item of the list says it.
    pub(super) fn told(frame: &Frame) -> Option<Self> {
        frame.get("ChannelState").map(Self::of)
    }
}

/// A channel on a device, or on the near side of a call to the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// The interface that it is on.
    pub(super) device: Interface,
    pub(super) progress: Progress,
    /// Since when it has come so far.
    pub(super) since: Timestamp,
    /// Whose session rang there when it began.
    pub(super) owner: Option<Number>,
}

impl Channel {
    /// The account it is on.
    pub(super) fn account(&self) -> Option<Number> {
        self.device.device().map(|(_, number)| number)
    }
}

/// How long a channel has been there, as an item of the list says it.
///
/// # Source
///
/// Asterisk 22, `main/manager.c`, `action_coreshowchannels`: `Duration: %02d:%02d:%02d`, hours, minutes and seconds since the
/// channel was made.
pub(super) fn age(item: &Frame) -> Option<SignedDuration> {
    let mut parts = item.get("Duration")?.splitn(3, ':').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    Some(SignedDuration::from_secs(
        i64::from(hours) * 3600 + i64::from(minutes) * 60 + i64::from(seconds),
    ))
}

/// The interface of a channel: `PJSIP/1001` of `PJSIP/1001-0000002a`, `Local/017@peerage-outbound/n` of
/// `Local/017@peerage-outbound-0000002a;1`. Other channels are nobody's: the far sides of Local channels among them.
pub(super) fn interface(channel: &str) -> Option<Interface> {
    let (name, outside) = match channel.strip_suffix(";1") {
        Some(near) => (near, true),
        None => (channel, false),
    };
    let (device, serial) = name.rsplit_once('-')?;
    if serial.is_empty() || !serial.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let device = if outside {
        format!("{device}/n")
    } else {
        device.to_owned()
    };
    Interface::try_from(device)
        .ok()
        .filter(|device| device.outside_number().is_some() == outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channels_name_tells_its_interface() {
        for (channel, expected) in [
            ("PJSIP/1001-0000002a", Some("PJSIP/1001")),
            ("PJSIP/desk-9-00000001", Some("PJSIP/desk-9")),
            ("SIP/1001-0000002a", Some("SIP/1001")),
            (
                "Local/+4930@peerage-outbound-00000007;1",
                Some("Local/+4930@peerage-outbound/n"),
            ),
            ("Local/+4930@peerage-outbound-00000007;2", None),
            ("Local/s@elsewhere-00000007;1", None),
            ("PJSIP/1001", None),
            ("PJSIP/1001-", None),
            ("PJSIP/1001-00000001;1", None),
            ("Surrogate/PJSIP/1001-00000001", None),
            ("", None),
        ] {
            let found = interface(channel);
            assert_eq!(found.as_ref().map(Interface::as_str), expected, "{channel}");
        }
    }
}
