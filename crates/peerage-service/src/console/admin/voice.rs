//! The Voice section in words, the same for agents and telephones.

use peerage_model::{Codec, Nat, PeerType, Record, Transport};

use super::sheet::{Choices, Section, Widget, Words, same};

fn transports() -> Choices {
    same(Transport::ALL.iter().map(|one| one.as_str()))
}

fn codecs() -> Choices {
    same(Codec::ALL.iter().map(|one| one.as_str()))
}

fn nat() -> Choices {
    described(Nat::ALL.iter().map(|one| one.as_str()), |word| match word {
        "yes" => "send replies and media to the source address",
        "no" | "never" => "use the address that the device announces",
        "force_rport" => "send replies to the source address",
        "comedia" => "send media to the source address of media",
        "route" => "as yes",
        _ => "",
    })
}

fn peer_type() -> Choices {
    described(PeerType::ALL.iter().map(|one| one.as_str()), |word| match word {
        "friend" => "places and receives calls",
        "user" => "only places calls",
        "peer" => "receives calls; with a fixed host, identified by its address",
        _ => "",
    })
}

fn record() -> Choices {
    described(Record::ALL.iter().map(|one| one.as_str()), |word| match word {
        "inactive" => "not recorded",
        "wav" => "16 bit linear, largest",
        "wav49" => "GSM in a WAV file",
        "gsm" => "GSM, smallest",
        _ => "",
    })
}

fn described<'a>(words: impl Iterator<Item = &'a str>, meaning: fn(&str) -> &'static str) -> Choices {
    words
        .map(|word| (word.to_owned(), format!("{word}: {}", meaning(word))))
        .collect()
}

/// The Voice section.
pub(super) const VOICE: Section = Section {
    id: "voice",
    title: "Voice",
    about: "How Asterisk treats the SIP device. Changes apply from the next call.",
    words: &[
        Words {
            name: "transport",
            label: "Transports",
            explain: "Transports the device may use, preferred first: udp, tcp or tls for a phone, ws or wss for a browser. A browser \
                      needs encryption, and has no audio if other transports are mixed in.",
            widget: Widget::Ordered(transports),
        },
        Words {
            name: "codecs",
            label: "Codecs",
            explain: "Audio codecs offered in a call, preferred first. Both sides need one in common.",
            widget: Widget::Ordered(codecs),
        },
        Words {
            name: "host",
            label: "Host",
            explain: "dynamic: the device registers from any address. A fixed IP address: the device need not register, and is accepted \
                      only from that address.",
            widget: Widget::Required,
        },
        Words {
            name: "nat",
            label: "NAT",
            explain: "How Asterisk treats a device behind NAT.",
            widget: Widget::Choice(nat),
        },
        Words {
            name: "type",
            label: "Type",
            explain: "Whether the device places calls, receives calls, or both.",
            widget: Widget::Choice(peer_type),
        },
        Words {
            name: "context",
            label: "Context",
            explain: "Dialplan context for calls from the device. The shipped dialplan uses from-sip.",
            widget: Widget::Required,
        },
        Words {
            name: "callerid-name",
            label: "Caller ID name",
            explain: "Caller ID name shown to the called party. Empty: none.",
            widget: Widget::Line,
        },
        Words {
            name: "callerid-number",
            label: "Caller ID number",
            explain: "Caller ID number shown to the called party; defaults to the account's number.",
            widget: Widget::Line,
        },
        Words {
            name: "call-group",
            label: "Call groups",
            explain: "Call groups of the device, 0 to 63, such as 1,3-5. Devices with a matching pickup group can pick up its calls.",
            widget: Widget::Line,
        },
        Words {
            name: "pickup-group",
            label: "Pickup groups",
            explain: "Call groups whose ringing calls the device may pick up.",
            widget: Widget::Line,
        },
        Words {
            name: "named-call-group",
            label: "Named call groups",
            explain: "Call groups by name, separated by commas, such as sales,night.",
            widget: Widget::Line,
        },
        Words {
            name: "named-pickup-group",
            label: "Named pickup groups",
            explain: "Named call groups whose ringing calls the device may pick up.",
            widget: Widget::Line,
        },
        Words {
            name: "record",
            label: "Record calls",
            explain: "Whether its calls are recorded, and in which file format. The dialplan reads PEERAGE_RECORD.",
            widget: Widget::Choice(record),
        },
        Words {
            name: "qualify",
            label: "Qualify interval",
            explain: "Seconds between OPTIONS requests that check whether the device is reachable; 0 turns them off.",
            widget: Widget::Number,
        },
        Words {
            name: "max-contacts",
            label: "Maximum devices",
            explain: "Devices registered at once. With 1, a new registration replaces the old one.",
            widget: Widget::Number,
        },
        Words {
            name: "chanspy",
            label: "ChanSpy",
            explain: "Allow listening to its calls with ChanSpy. The dialplan reads PEERAGE_CHANSPY.",
            widget: Widget::Switch,
        },
        Words {
            name: "video",
            label: "Video",
            explain: "Offer H.264 in addition to the audio codecs. The other side may not support it.",
            widget: Widget::Switch,
        },
        Words {
            name: "encryption",
            label: "Encryption",
            explain: "Require SRTP; calls without it are refused. Browsers exchange keys by DTLS.",
            widget: Widget::Switch,
        },
    ],
};
