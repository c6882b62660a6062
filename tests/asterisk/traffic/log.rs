//! What Asterisk may not say while all this goes on.

use peerage_testkit::asterisk::Asterisk;
use peerage_testkit::db::TestDb;

use super::account::{add_account, phone};
use super::stack::{Lab, STACKS, on_stacks};

/// Complaints that are not about the database: what the message has, and what provokes it.
const EXPECTED: [(&str, &str); 14] = [
    (
        "is trying to register, but not configured as host=dynamic",
        "a fixed host registers",
    ),
    ("has no configured max_contacts", "a fixed host registers"),
    ("AOR '' not found for endpoint", "a fixed host of type peer registers"),
    ("has no configured AORs", "type user registers"),
    (
        "No AOR has been provided and no AORs are configured",
        "type user is called",
    ),
    (
        "Purely numeric hostname",
        "a number that is no account, or type user, is called",
    ),
    ("Specified endpoint ", "a number that is no account is called"),
    (
        "is not a valid transport for ",
        "a phone registers over a transport that is not listed",
    ),
    (
        "Matched device setup to use SRTP, but request was not!",
        "an encrypted account calls in the clear",
    ),
    (
        "Couldn't negotiate stream 0:audio-0:audio:sendrecv (nothing)",
        "an encrypted account calls in the clear",
    ),
    (
        "username mismatch, have ",
        "a fixed host sends another account's user name",
    ),
    (
        "sending OPTIONS request to endpoint",
        "a phone that registered over TCP is gone",
    ),
    ("Unexpected PJSIP event 6", "a phone that registered over TCP is gone"),
    (
        "registered during operation. Enable PJSIP_SAFE_MODULE",
        "Asterisk starts while a phone already talks to it",
    ),
];

/// Warnings, errors, and what the database driver notes: a column that it does not find is a mere NOTICE to it.
pub(crate) fn complaints(asterisk: &Asterisk) -> Vec<String> {
    let log = asterisk.log().unwrap();
    let driver = log
        .lines()
        .filter(|line| line.contains("] NOTICE[") && line.contains("res_config_pgsql.c"))
        .map(str::to_owned);
    let mut all = asterisk.warnings().unwrap();
    all.extend(driver);
    all
}

/// Whether this complaint says nothing against the database.
pub(crate) fn is_expected(complaint: &str) -> bool {
    EXPECTED.iter().any(|(expected, _)| complaint.contains(expected))
}

#[test]
fn asterisk_starts_and_reloads_with_all_kinds_of_accounts_and_complains_of_nothing() {
    on_stacks(&STACKS, |stack| {
        let db = TestDb::new();
        let everything = [
            ("transports", "'{udp,tcp,tls}'"),
            ("nat", "'route'"),
            ("codecs", "'{opus,g722,g729,gsm,alaw,ulaw}'"),
            ("callerid_name", "'Ada \"Countess\" Lovelace; ^1'"),
            ("callerid_number", "'+39*4711#'"),
            ("call_groups", "'{0,63}'"),
            ("pickup_groups", "'{1,2}'"),
            ("named_call_groups", "'{sales,support-2}'"),
            ("named_pickup_groups", "'{sales}'"),
            ("chanspy", "true"),
            ("video", "true"),
            ("record", "'wav49'"),
            ("encryption", "true"),
        ];
        let mut number = 2000;
        let mut add = |settings: &[(&str, &str)]| {
            number += 1;
            add_account(&db, &number.to_string(), settings);
        };
        for (kind, n) in ["'user'", "'peer'", "'friend'"].into_iter().zip(1..) {
            let fixed = [format!("'127.200.0.{n}'"), format!("'fd00::{n}'")];
            for host in ["'dynamic'", &fixed[0], &fixed[1]] {
                // Asked whether they are there, addresses of IPv6 cannot be reached over IPv4's transports.
                add(&[("type", kind), ("host", host), ("qualify_seconds", "0")]);
            }
            add(&[&everything[..], &[("type", kind)]].concat());
        }
        for nat in ["yes", "no", "force_rport", "comedia", "never", "route"] {
            add(&[("nat", &format!("'{nat}'"))]);
        }
        add(&[("transports", "'{wss,ws}'"), ("encryption", "true")]);
        add(&[("qualify_seconds", "0"), ("max_contacts", "5")]);

        let lab = Lab::start_with(stack, db, |builder| builder);
        assert_eq!(complaints(&lab.asterisk), [""; 0], "at start");
        for command in ["core reload", "module reload"] {
            lab.cli(command);
        }
        for number in 2001..=number {
            let known = if stack.is_pjsip() {
                lab.cli(&format!("pjsip show endpoint {number}"))
            } else {
                lab.cli(&format!("sip show peer {number} load")) + &lab.cli(&format!("sip show user {number} load"))
            };
            assert!(known.contains("PEERAGE_CHANSPY"), "{number} at {}: {known}", stack.name);
        }
        let call = phone("2001").call(lab.udp(), "*43").unwrap();
        call.assert_code(200);
        assert_eq!(complaints(&lab.asterisk), [""; 0], "after reload");
    });
}
