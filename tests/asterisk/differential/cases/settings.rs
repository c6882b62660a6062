//! Codecs, video, groups, what the dialplan is told, and the rest.

use super::super::case::{Case, case};

pub(in super::super) const CASES: &[Case] = &[
    case("alaw-ulaw", "codecs = '{alaw,ulaw}'")
        .sip("disallow = all\nallow = alaw,ulaw")
        .endpoint("allow = !all,alaw,ulaw"),
    case("opus-alone", "codecs = '{opus}'")
        .sip("disallow = all\nallow = opus")
        .endpoint("allow = !all,opus"),
    case("all-codecs", "codecs = '{g722,opus,alaw,g729,gsm,ulaw}'")
        .sip("disallow = all\nallow = g722\nallow = opus\nallow = alaw\nallow = g729\nallow = gsm\nallow = ulaw")
        .endpoint("allow = !all,g722,opus,alaw,g729,gsm,ulaw"),
    case("video", "video = true")
        .sip("videosupport = yes\nallow = h264")
        .endpoint("allow = h264"),
    case("video-gsm", "video = true, codecs = '{gsm}'")
        .sip("videosupport = yes\ndisallow = all\nallow = gsm,h264")
        .endpoint("allow = !all,gsm,h264"),
    case("context", "context = 'other.context_1-x'")
        .both("context = other.context_1-x")
        .sip("subscribecontext = other.context_1-x")
        .endpoint("subscribe_context = other.context_1-x"),
    case("call-group", "call_groups = '{1}'")
        .sip("callgroup = 1")
        .endpoint("call_group = 1"),
    case("pickup-group", "pickup_groups = '{2}'")
        .sip("pickupgroup = 2")
        .endpoint("pickup_group = 2"),
    case("groups", "call_groups = '{0,3,4,5,63}', pickup_groups = '{63,1,0}'")
        .sip("callgroup = 0,3-5,63\npickupgroup = 0-1,63")
        .endpoint("call_group = 0,3-5,63\npickup_group = 0-1,63"),
    case("named-call-group", "named_call_groups = '{sales}'")
        .sip("namedcallgroup = sales")
        .endpoint("named_call_group = sales"),
    case("named-pickup-group", "named_pickup_groups = '{sales}'")
        .sip("namedpickupgroup = sales")
        .endpoint("named_pickup_group = sales"),
    case(
        "named-groups",
        "named_call_groups = '{sales,b.c_d-e}', named_pickup_groups = '{z,sales,1}'",
    )
    .sip("namedcallgroup = sales,b.c_d-e\nnamedpickupgroup = z,sales,1")
    .endpoint("named_call_group = sales,b.c_d-e\nnamed_pickup_group = z,sales,1"),
    case("chanspy", "chanspy = true")
        .sip("setvar = PEERAGE_CHANSPY=yes")
        .endpoint("set_var = PEERAGE_CHANSPY=yes"),
    case("record-wav", "record = 'wav'")
        .sip("setvar = PEERAGE_RECORD=wav")
        .endpoint("set_var = PEERAGE_RECORD=wav"),
    case("record-wav49", "record = 'wav49'")
        .sip("setvar = PEERAGE_RECORD=wav49")
        .endpoint("set_var = PEERAGE_RECORD=wav49"),
    case("record-gsm", "record = 'gsm', chanspy = true")
        .sip("setvar = PEERAGE_CHANSPY=yes\nsetvar = PEERAGE_RECORD=gsm")
        .endpoint("set_var = PEERAGE_CHANSPY=yes\nset_var = PEERAGE_RECORD=gsm"),
    case("qualify-off", "qualify_seconds = 0")
        .sip("qualify = no\nqualifyfreq = 0")
        .aor("qualify_frequency = 0"),
    case("qualify-most", "qualify_seconds = 86400")
        .sip("qualifyfreq = 86400")
        .aor("qualify_frequency = 86400"),
    // Where chan_sip keeps no peers in memory, it cannot qualify.
    case(
        "uncached",
        "site_id = (select id from peerage.site where name = 'uncached')",
    )
    .sip("qualify = no"),
    case("contacts", "max_contacts = 5").aor("max_contacts = 5"),
    case("contacts-most", "max_contacts = 100").aor("max_contacts = 100"),
];
