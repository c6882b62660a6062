//! Transports and encryption.

use super::super::case::{Case, case};

/// A list in PJSIP: the endpoint has no transport of its own.
const ANY: &str = "transport =";

/// Any transport, and SDES.
const ANY_SDES: &str = "transport =\nmedia_encryption = sdes";

pub(in super::super) const CASES: &[Case] = &[
    case("udp", "transports = '{udp}'")
        .sip("transport = udp")
        .endpoint("transport = transport-udp"),
    case("tcp", "transports = '{tcp}'")
        .sip("transport = tcp")
        .endpoint("transport = transport-tcp"),
    case("tls", "transports = '{tls}'")
        .sip("transport = tls")
        .endpoint("transport = transport-tls"),
    case("ws", "transports = '{ws}', encryption = true")
        .browser()
        .sip("transport = ws")
        .endpoint("transport = transport-ws\nwebrtc = yes"),
    case("wss", "transports = '{wss}', encryption = true")
        .browser()
        .sip("transport = wss")
        .endpoint("transport = transport-wss\nwebrtc = yes"),
    case("wss-ws", "transports = '{wss,ws}', encryption = true")
        .browser()
        .sip("transport = wss,ws")
        .endpoint("transport =\nwebrtc = yes"),
    case(
        "ws-wss-video",
        "transports = '{ws,wss}', encryption = true, video = true, codecs = '{opus,ulaw}'",
    )
    .browser()
    .sip("transport = ws,wss\ndisallow = all\nallow = opus,ulaw,h264\nvideosupport = yes")
    .endpoint("transport =\nwebrtc = yes\nallow = !all,opus,ulaw,h264"),
    case("tls-udp", "transports = '{tls,udp}'")
        .sip("transport = tls,udp")
        .endpoint(ANY),
    case("udp-tls", "transports = '{udp,tls}'")
        .sip("transport = udp,tls")
        .endpoint(ANY),
    case("tcp-tls-udp", "transports = '{tcp,tls,udp}'")
        .sip("transport = tcp,tls,udp")
        .endpoint(ANY),
    case("wss-udp", "transports = '{wss,udp}'")
        .sip("transport = wss,udp")
        .endpoint(ANY),
    case("udp-ws", "transports = '{udp,ws}'")
        .sip("transport = udp,ws")
        .endpoint(ANY),
    case("all-five", "transports = '{ws,tls,udp,wss,tcp}'")
        .sip("transport = ws,tls,udp,wss,tcp")
        .endpoint(ANY),
    case("udp-sdes", "encryption = true")
        .sip("encryption = yes")
        .endpoint("media_encryption = sdes"),
    case("tls-sdes", "transports = '{tls}', encryption = true")
        .sip("transport = tls\nencryption = yes")
        .endpoint("transport = transport-tls\nmedia_encryption = sdes"),
    case("tls-tcp-sdes", "transports = '{tls,tcp}', encryption = true")
        .sip("transport = tls,tcp\nencryption = yes")
        .endpoint(ANY_SDES),
    case("wss-tls-sdes", "transports = '{wss,tls}', encryption = true")
        .sip("transport = wss,tls\nencryption = yes")
        .endpoint(ANY_SDES),
];
