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
        "yes" => "answer and send media to where packets come from",
        "no" | "never" => "trust what the device says of its address",
        "force_rport" => "answer to where packets come from",
        "comedia" => "send media to where media comes from",
        "route" => "as yes",
        _ => "",
    })
}

fn peer_type() -> Choices {
    described(PeerType::ALL.iter().map(|one| one.as_str()), |word| match word {
        "friend" => "calls and is called",
        "user" => "only calls",
        "peer" => "is called; with a fixed host it is known by its address",
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

/// What Asterisk is told of the device.
pub(super) const VOICE: Section = Section {
    id: "voice",
    title: "Voice",
    about: "How Asterisk treats the SIP device: how it is reached, which calls it makes and takes, and how its sound is carried. \
            A change holds from the next call on.",
    words: &[
        Words {
            name: "transport",
            label: "Transports",
            explain: "How the device may reach Asterisk, the preferred way first: udp, tcp or tls for a telephone, ws or wss for a \
                      browser. Others are not accepted from it. A browser alone needs encryption; one mixed with others has no sound.",
            widget: Widget::Ordered(transports),
        },
        Words {
            name: "codecs",
            label: "Codecs",
            explain: "Which audio codecs are offered in a call, the preferred one first. Both sides must have one in common.",
            widget: Widget::Ordered(codecs),
        },
        Words {
            name: "host",
            label: "Host",
            explain: "dynamic: the device registers, from wherever it is. Or its fixed IP address: then it needs no registration, and is \
                      accepted from there alone.",
            widget: Widget::Required,
        },
        Words {
            name: "nat",
            label: "NAT",
            explain: "How Asterisk treats the address of a device behind a firewall or router.",
            widget: Widget::Choice(nat),
        },
        Words {
            name: "type",
            label: "Type",
            explain: "Which way calls go between the device and Asterisk.",
            widget: Widget::Choice(peer_type),
        },
        Words {
            name: "context",
            label: "Context",
            explain: "Where in the dialplan its calls begin. from-sip is right unless the dialplan was written otherwise.",
            widget: Widget::Required,
        },
        Words {
            name: "callerid-name",
            label: "Caller id: name",
            explain: "The name that somebody sees who is called from here. Empty: none.",
            widget: Widget::Line,
        },
        Words {
            name: "callerid-number",
            label: "Caller id: number",
            explain: "The number that somebody sees who is called from here. Empty: the own number.",
            widget: Widget::Line,
        },
        Words {
            name: "call-group",
            label: "Call groups",
            explain: "Groups it belongs to, by number: 0 to 63, such as 1,3-5. Whoever may pick up these groups can take its calls.",
            widget: Widget::Line,
        },
        Words {
            name: "pickup-group",
            label: "Pickup groups",
            explain: "Groups, by number, whose ringing calls it may take.",
            widget: Widget::Line,
        },
        Words {
            name: "named-call-group",
            label: "Named call groups",
            explain: "The same as call groups, by name: words with commas between, such as sales,night. There is no limit of 64.",
            widget: Widget::Line,
        },
        Words {
            name: "named-pickup-group",
            label: "Named pickup groups",
            explain: "Groups, by name, whose ringing calls it may take.",
            widget: Widget::Line,
        },
        Words {
            name: "record",
            label: "Record calls",
            explain: "Whether calls it takes are recorded, and in which file format. The dialplan reads it as PEERAGE_RECORD.",
            widget: Widget::Choice(record),
        },
        Words {
            name: "qualify",
            label: "Qualify",
            explain: "Every how many seconds Asterisk asks the device whether it is there; 0 is never.",
            widget: Widget::Number,
        },
        Words {
            name: "max-contacts",
            label: "Most contacts",
            explain: "How many devices may be registered at once. With 1 a new one takes the place of the old one.",
            widget: Widget::Number,
        },
        Words {
            name: "chanspy",
            label: "ChanSpy",
            explain: "Administrators may listen in to its calls. The dialplan reads it as PEERAGE_CHANSPY.",
            widget: Widget::Switch,
        },
        Words {
            name: "video",
            label: "Video",
            explain: "H.264 is offered beside the audio codecs. What the other side does with it is not promised.",
            widget: Widget::Switch,
        },
        Words {
            name: "encryption",
            label: "Encryption",
            explain: "Media is sent as SRTP, and a call without it is refused. For a browser the keys come by DTLS.",
            widget: Widget::Switch,
        },
    ],
};
