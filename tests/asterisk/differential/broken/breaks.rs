//! How each column of each mapping is broken, and where that shows.

use super::super::stack::Stack;
use super::Break;

const REVERSED: &str = "(
  select string_agg(codec, ',' order by place desc)
  from unnest(account.codecs) with ordinality as item (codec, place)
)";

/// Neither escaped nor coded. Quotation marks survive that: Asterisk takes off the first and the last.
const RAW_CALLER_ID: &str = r#"'"' || account.callerid_name || '" <' || account.callerid_number || '>'"#;

/// Escaped, but not coded.
const UNCODED_CALLER_ID: &str = "peerage.unwire(intact.callerid)";

/// Columns that no command shows, and why.
pub(super) const HIDDEN: [(&str, &str); 9] = [
    (
        "sip_peer.deny",
        "an ACL is said to be there, not what is in it; a call from another address tells",
    ),
    ("sip_peer.permit", "as deny"),
    ("sip_peer.dtlsverify", "chan_sip says nothing of DTLS; its offer does"),
    ("sip_peer.dtlssetup", "as dtlsverify"),
    ("sip_peer.dtlsautogeneratecert", "as dtlsverify"),
    ("pjsip_endpoint.deny", "as that of chan_sip"),
    ("pjsip_endpoint.permit", "as deny"),
    ("pjsip_auth.password_digest", "Asterisk 16 does not know it"),
    ("pjsip_auth.supported_algorithms_uas", "Asterisk 16 does not know it"),
];

/// All of them that concern a stack.
pub(in super::super) fn breaks(stack: Stack) -> Vec<Break> {
    let tables: &[&[Row]] = match stack {
        Stack::Sip16 => &[SIP],
        Stack::Pjsip16 => &[PJSIP],
        Stack::Pjsip22 => &[PJSIP, PJSIP_22],
    };
    tables.iter().flat_map(|table| table.iter()).map(Break::from).collect()
}

/// Mapping, column, expression, case, what shows; a line of the tables below, which are kept as such.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

impl From<&Row> for Break {
    fn from(&(mapping, column, expression, case, shown): &Row) -> Self {
        Self {
            mapping,
            column,
            expression,
            case,
            shown,
        }
    }
}

#[rustfmt::skip]
const SIP: &[Row] = &[
    ("sip_peer", "host", "'dynamic'", "friend-fixed", "ToHost"),
    ("sip_peer", "type", "'peer'", "plain", "not found"),
    ("sip_peer", "type", "'friend'", "user-dynamic", "+  * Name"),
    ("sip_peer", "md5secret", "null", "plain", "MD5Secret"),
    ("sip_peer", "context", "'elsewhere'", "plain", "Subscr.Cont."),
    ("sip_peer", "transport", "'udp,tls'", "tls-udp", "Prim.Transp."),
    ("sip_peer", "transport", "'tls'", "tls-udp", "Allowed.Trsp"),
    ("sip_peer", "nat", "case account.nat when 'route' then 'no' else intact.nat end", "nat-route", "Force rport"),
    ("sip_peer", "nat", "account.nat", "nat-route", "Symmetric RTP"),
    ("sip_peer", "insecure", "null", "peer-fixed", "Insecure"),
    ("sip_peer", "allow", REVERSED, "alaw-ulaw", "+  Codecs       : (ulaw|alaw)"),
    ("sip_peer", "allow", "array_to_string(account.codecs, ',')", "video", "h264"),
    ("sip_peer", "videosupport", "'no'", "video", "Video Support"),
    ("sip_peer", "encryption", "'no'", "udp-sdes", "Encryption"),
    ("sip_peer", "callerid", RAW_CALLER_ID, "cid-backslash", "Callerid"),
    ("sip_peer", "callerid", UNCODED_CALLER_ID, "cid-semicolon", "Callerid"),
    ("sip_peer", "callerid", UNCODED_CALLER_ID, "cid-code", "Callerid"),
    ("sip_peer", "callgroup", "null", "call-group", "Callgroup"),
    ("sip_peer", "pickupgroup", "null", "pickup-group", "Pickupgroup"),
    ("sip_peer", "namedcallgroup", "null", "named-call-group", "Named Callgr"),
    ("sip_peer", "namedpickupgroup", "null", "named-pickup-group", "Nam. Pickupgr"),
    ("sip_peer", "setvar", "replace(intact.setvar, 'yes', 'no')", "chanspy", "PEERAGE_CHANSPY = no"),
    ("sip_peer", "setvar", "peerage.wire(intact.setvar)", "plain", "PEERAGE_RECORD = inactive"),
    ("sip_peer", "qualify", "'no'", "plain", "Unmonitored"),
    ("sip_peer", "qualifyfreq", "'61'", "plain", "Qualify Freq"),
    ("sip_peer", "websocket", "'no'", "ws", "RTCP Mux"),
    ("sip_peer", "defaultuser", "'other'", "plain", "Def. Username"),
];

/// Of `nat = route`, as if it were `no`.
const ROUTE_IS_NO: &str = "case account.nat when 'route' then 'no' else intact.force_rport end";

#[rustfmt::skip]
const PJSIP: &[Row] = &[
    ("pjsip_endpoint", "transport", "null", "udp", "+ transport "),
    ("pjsip_endpoint", "transport", "'transport-udp'", "tls-udp", "+ transport "),
    ("pjsip_endpoint", "aors", "null", "plain", "+ aors "),
    ("pjsip_endpoint", "context", "'elsewhere'", "plain", "+ subscribe_context "),
    ("pjsip_endpoint", "allow", REVERSED, "alaw-ulaw", ": (ulaw|alaw)"),
    ("pjsip_endpoint", "allow", "array_to_string(account.codecs, ',')", "video", "h264"),
    ("pjsip_endpoint", "allow", "'ulaw,no-such-codec'", "plain", "Unable to find object"),
    ("pjsip_endpoint", "identify_by", "'username,ip'", "peer-fixed", "+ identify_by "),
    ("pjsip_endpoint", "force_rport", ROUTE_IS_NO, "nat-route", "force_rport "),
    ("pjsip_endpoint", "rewrite_contact", "'no'", "nat-force-rport", "rewrite_contact "),
    ("pjsip_endpoint", "rtp_symmetric", "'no'", "nat-comedia", "rtp_symmetric "),
    ("pjsip_endpoint", "webrtc", "'no'", "ws", "webrtc "),
    ("pjsip_endpoint", "media_encryption", "'no'", "udp-sdes", "media_encryption "),
    ("pjsip_endpoint", "callerid", RAW_CALLER_ID, "cid-backslash", "callerid "),
    ("pjsip_endpoint", "callerid", UNCODED_CALLER_ID, "cid-semicolon", "callerid "),
    ("pjsip_endpoint", "callerid", UNCODED_CALLER_ID, "cid-code", "callerid "),
    ("pjsip_endpoint", "call_group", "null", "call-group", "call_group "),
    ("pjsip_endpoint", "pickup_group", "null", "pickup-group", "pickup_group "),
    ("pjsip_endpoint", "named_call_group", "null", "named-call-group", "named_call_group "),
    ("pjsip_endpoint", "named_pickup_group", "null", "named-pickup-group", "named_pickup_group "),
    ("pjsip_endpoint", "set_var", "replace(intact.set_var, 'yes', 'no')", "chanspy", "PEERAGE_CHANSPY "),
    ("pjsip_endpoint", "set_var", "peerage.wire(intact.set_var)", "plain", "PEERAGE_RECORD "),
    ("pjsip_auth", "md5_cred", "md5('another')", "plain", "md5_cred "),
    ("pjsip_auth", "realm", "'another'", "plain", "realm "),
    ("pjsip_aor", "max_contacts", "'6'", "contacts", "max_contacts "),
    ("pjsip_aor", "remove_existing", "'no'", "plain", "remove_existing "),
    ("pjsip_aor", "qualify_frequency", "'61'", "plain", "qualify_frequency "),
    ("pjsip_aor", "contact", "null", "friend-fixed", "contact "),
    ("pjsip_aor", "contact", "peerage.unwire(intact.contact)", "friend-fixed", "Unable to find object"),
    ("pjsip_identify", "match", "'127.9.0.9'", "friend-fixed", "match "),
];

#[rustfmt::skip]
const PJSIP_22: &[Row] = &[
    ("pjsip_auth", "password_digest", "'SHA-256:' || repeat('0', 64)", "sha256", "password_digest "),
    ("pjsip_auth", "supported_algorithms_uas", "'MD5'", "sha256", "supported_algorithms_uas "),
];
