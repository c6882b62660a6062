//! What it is and where: type, host, NAT, secret.

use super::super::case::{Case, case};

/// Of `nat = yes` and `route`, which mean the same.
const BEHIND_NAT: &str = "force_rport = yes
rewrite_contact = yes
rtp_symmetric = yes";

/// Of `nat = no` and `never`.
const NOT_BEHIND_NAT: &str = "force_rport = no
rewrite_contact = no
rtp_symmetric = no";

/// Of an account whose calls come from its address alone.
const AT_127_9_0_1: &str = "deny = 0.0.0.0/0.0.0.0
deny = ::/0
permit = 127.9.0.1/255.255.255.255";

pub(in super::super) const CASES: &[Case] = &[
    case("plain", ""),
    case("disabled", "disabled = true").unknown(),
    case("no-secret", "").no_secret().unknown(),
    case("nat-yes", "nat = 'yes'").nat("yes").endpoint(BEHIND_NAT),
    case("nat-route", "nat = 'route'")
        .nat("force_rport,comedia")
        .endpoint(BEHIND_NAT),
    case("nat-no", "nat = 'no'").nat("no").endpoint(NOT_BEHIND_NAT),
    case("nat-never", "nat = 'never'").nat("no").endpoint(NOT_BEHIND_NAT),
    case("nat-force-rport", "nat = 'force_rport'")
        .nat("force_rport")
        .endpoint(
            "force_rport = yes
        rewrite_contact = yes",
        ),
    case("nat-comedia", "nat = 'comedia'").nat("comedia").endpoint(
        "force_rport = no
        rewrite_contact = no
        rtp_symmetric = yes",
    ),
    case("friend-dynamic", "type = 'friend'"),
    case("peer-dynamic", "type = 'peer'").peer(),
    case("user-dynamic", "type = 'user'").user(),
    case("friend-fixed", "type = 'friend', host = '127.9.0.1'")
        .both(AT_127_9_0_1)
        .sip("host = 127.9.0.1\ninsecure = port")
        .endpoint("identify_by = username,ip")
        .aor(
            r"contact = sip:friend-fixed@127.9.0.1\;transport=udp
            max_contacts = 0
            remove_existing = no
            remove_unavailable = no",
        )
        .identify("127.9.0.1"),
    case("peer-fixed", "type = 'peer', host = '127.9.0.1'")
        .peer()
        .both(AT_127_9_0_1)
        .sip("host = 127.9.0.1\ninsecure = port")
        .endpoint("identify_by = ip")
        .aor(
            r"contact = sip:peer-fixed@127.9.0.1\;transport=udp
            max_contacts = 0
            remove_existing = no
            remove_unavailable = no",
        )
        .identify("127.9.0.1"),
    case("user-fixed", "type = 'user', host = '127.9.0.1'")
        .user()
        .both(AT_127_9_0_1),
    // Never asked whether they are there: tests send nothing to other machines, and TLS complains when nobody is.
    case("fixed-ipv6", "host = '2001:db8::5', qualify_seconds = 0")
        .both("deny = 0.0.0.0/0,::/0\npermit = 2001:db8::5")
        .sip("host = 2001:db8::5\ninsecure = port\nqualify = no\nqualifyfreq = 0")
        .endpoint("identify_by = username,ip")
        .aor(
            r"contact = sip:fixed-ipv6@[2001:db8::5]\;transport=udp
            max_contacts = 0
            remove_existing = no
            remove_unavailable = no
            qualify_frequency = 0",
        )
        .identify("2001:db8::5"),
    case(
        "fixed-tls-first",
        "host = '127.9.0.2', transports = '{wss,tls,udp}', qualify_seconds = 0",
    )
    .both("deny = 0.0.0.0/0,::/0\npermit = 127.9.0.2/32")
    .sip("host = 127.9.0.2\ninsecure = port\ntransport = wss,tls,udp\nqualify = no\nqualifyfreq = 0")
    .endpoint("identify_by = username,ip\ntransport =")
    .aor(
        r"contact = sip:fixed-tls-first@127.9.0.2\;transport=tls
            max_contacts = 0
            remove_existing = no
            remove_unavailable = no
            qualify_frequency = 0",
    )
    .identify("127.9.0.2"),
    case("1001", ""),
    case("10.0-b", ""),
    case("a-number-that-is-as-long-as-a-number-may", ""),
    case(
        "sha256",
        "site_id = (select id from peerage.site where name = 'sha256')",
    )
    .auth22(
        "password_digest = SHA-256:31c5f470214e1c5a47909a81a5cbc7a031c5f470214e1c5a47909a81a5cbc7a0
        supported_algorithms_uas = SHA-256,MD5",
    ),
];
