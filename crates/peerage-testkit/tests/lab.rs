//! The lab and the testkit themselves: real Asterisk, real phones, static configuration.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::{Asterisk, Builder, Driver, Loopback, Transport, Version, wait_until};
use peerage_testkit::baresip::{Baresip, Media};
use peerage_testkit::sipp::{Manner, Phone};

const PATIENCE: Duration = Duration::from_secs(60);

/// Each driver of each Asterisk; accounts 1001 and 1002 have the secret `sesame`, and record their calls.
const ALL: [(Version, Driver); 3] = [
    (Version::V22, Driver::Pjsip),
    (Version::V16, Driver::Pjsip),
    (Version::V16, Driver::Sip),
];

fn builder(version: Version, driver: Driver) -> Builder {
    let mut pjsip = String::new();
    let mut sip = String::new();
    for number in ["1001", "1002"] {
        pjsip.push_str(&format!(
            "[{number}]\ntype = endpoint\naors = {number}\nauth = {number}\ncontext = from-sip\nallow = ulaw,alaw\n\
             set_var = PEERAGE_RECORD=wav\n\
             [{number}]\ntype = aor\nmax_contacts = 1\nremove_existing = yes\n\
             [{number}]\ntype = auth\nusername = {number}\npassword = sesame\n"
        ));
        sip.push_str(&format!(
            "[{number}]\ntype = friend\nhost = dynamic\nsecret = sesame\ncontext = from-sip\ntransport = udp,tcp\n\
             setvar = PEERAGE_RECORD=wav\n"
        ));
    }
    // Where a site's own additions go: so that way is tested, too.
    let builder = Asterisk::builder(version).driver(driver);
    builder.file("local/pjsip.conf", pjsip).file("local/sip.conf", sip)
}

fn start(version: Version, driver: Driver) -> Asterisk {
    builder(version, driver).start().unwrap()
}

fn is_registered(asterisk: &Asterisk, driver: Driver) -> bool {
    match driver {
        Driver::Pjsip => asterisk.cli("pjsip show contacts").unwrap().contains("sip:1001@"),
        _ => !asterisk
            .cli("sip show peer 1001")
            .unwrap()
            .contains("Addr->IP     : (null)"),
    }
}

#[test]
fn phones_register_call_and_unregister_over_udp_and_tcp() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        for transport in [Transport::Udp, Transport::Tcp] {
            let address = asterisk.sip_addr(transport);
            let ada = Phone::new("1001", "sesame").over(transport);
            let bob = Phone::new("1002", "sesame").over(transport);

            ada.register(address).unwrap().assert_code(200);
            assert!(is_registered(&asterisk, driver));
            ada.unregister(address).unwrap().assert_code(200);
            assert!(!is_registered(&asterisk, driver));

            let online = ada.online(address).unwrap();
            let call = bob.call(address, "1001").unwrap();
            call.assert_code(200);
            assert!(call.codes().contains(&180), "{call}");
            assert_eq!(online.calls().unwrap(), 1);
            bob.call(address, "*43").unwrap().assert_code(200);
        }
        assert_eq!(asterisk.warnings().unwrap(), [""; 0]);
    }
}

#[test]
fn a_wrong_secret_and_an_unknown_number_are_refused_alike() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        let address = asterisk.sip_addr(Transport::Udp);
        let refused = if driver == Driver::Sip { 403 } else { 401 };
        Phone::new("1001", "wrong")
            .register(address)
            .unwrap()
            .assert_code(refused);
        Phone::new("1009", "sesame")
            .register(address)
            .unwrap()
            .assert_code(refused);
        Phone::new("1001", "wrong")
            .call(address, "*43")
            .unwrap()
            .assert_code(refused);
        assert!(!is_registered(&asterisk, driver));
    }
}

#[test]
fn the_caller_hears_why_nobody_answers() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        let address = asterisk.sip_addr(Transport::Udp);
        let bob = Phone::new("1002", "sesame");
        bob.call(address, "1001").unwrap().assert_code(480);

        let busy = Phone::new("1001", "sesame")
            .manner(Manner::Refuse(486))
            .online(address)
            .unwrap();
        bob.call(address, "1001").unwrap().assert_code(486);
        assert_eq!(busy.calls().unwrap(), 1);
    }
}

#[test]
fn a_call_lasts_until_asterisk_ends_it() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        let address = asterisk.sip_addr(Transport::Udp);
        let ada = Phone::new("1001", "sesame").online(address).unwrap();
        let bob = Phone::new("1002", "sesame").dial(address, "1001", PATIENCE).unwrap();
        ada.wait_for_calls(1).unwrap();
        bob.wait_for_status(200).unwrap();
        assert!(
            asterisk
                .cli("core show channels")
                .unwrap()
                .contains("2 active channels")
        );
        asterisk.cli("channel request hangup all").unwrap();
        bob.finish().unwrap().assert_code(200);
        wait_until("the call is over", PATIENCE, || {
            Ok(asterisk.cli("core show channels")?.contains("0 active channels"))
        })
        .unwrap();
    }
}

#[test]
fn a_phone_that_rings_is_told_that_the_caller_has_gone() {
    let asterisk = start(Version::V22, Driver::Pjsip);
    let address = asterisk.sip_addr(Transport::Udp);
    let ada = Phone::new("1001", "sesame")
        .manner(Manner::Ring)
        .online(address)
        .unwrap();
    let bob = Phone::new("1002", "sesame").dial(address, "1001", PATIENCE).unwrap();
    bob.wait_for_status(180).unwrap();
    asterisk.cli("channel request hangup all").unwrap();
    wait_until("the ringing stops", PATIENCE, || {
        Ok(ada.messages()?.iter().any(|message| message.method() == Some("CANCEL")))
    })
    .unwrap();
}

#[test]
fn a_fixed_host_is_known_by_its_address_and_asked_for_no_secret() {
    let host = Loopback::claim().unwrap().ip();
    let pjsip = format!(
        "[fixed]\ntype = endpoint\ncontext = from-sip\nallow = ulaw\naors = fixed\n\
         [fixed]\ntype = aor\ncontact = sip:fixed@{host}\n\
         [fixed]\ntype = identify\nendpoint = fixed\nmatch = {host}\n"
    );
    let sip = format!("[fixed]\ntype = peer\nhost = {host}\ncontext = from-sip\ninsecure = port\n");
    for (version, driver) in ALL {
        let builder = Asterisk::builder(version).driver(driver);
        let asterisk = builder
            .append("pjsip.conf", &pjsip)
            .append("sip.conf", &sip)
            .start()
            .unwrap();
        let address = asterisk.sip_addr(Transport::Udp);
        let call = Phone::new("anybody", "none")
            .at(host.to_string())
            .call(address, "*43")
            .unwrap();
        call.assert_code(200);
        assert!(!call.codes().contains(&401), "{call}");
        let elsewhere = Phone::new("anybody", "none").call(address, "*43").unwrap();
        assert_ne!(elsewhere.code(), 200, "{elsewhere}");

        let phone = Phone::new("fixed", "none").at(host.to_string()).listen().unwrap();
        asterisk
            .cli("channel originate Local/fixed@from-sip application Wait 1")
            .unwrap();
        phone.wait_for_calls(1).unwrap();
    }
}

#[test]
fn calls_of_an_account_that_records_are_recorded() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        let address = asterisk.sip_addr(Transport::Udp);
        let called = Phone::new("1001", "sesame").online(address).unwrap();
        Phone::new("1002", "sesame")
            .call(address, "1001")
            .unwrap()
            .assert_code(200);
        called.wait_for_calls(1).unwrap();
        let recordings = asterisk.path("spool/monitor");
        wait_until("a recording is there", PATIENCE, || {
            let Ok(entries) = std::fs::read_dir(&recordings) else {
                return Ok(false);
            };
            Ok(entries
                .flatten()
                .any(|entry| entry.path().extension().is_some_and(|kind| kind == "wav")))
        })
        .unwrap();
    }
}

#[test]
fn it_comes_back_after_a_stop_and_after_a_crash() {
    for (version, driver) in ALL {
        let mut asterisk = start(version, driver);
        let address = asterisk.sip_addr(Transport::Udp);
        asterisk.stop().unwrap();
        assert!(!asterisk.is_running().unwrap());
        asterisk.restart().unwrap();
        Phone::new("1001", "sesame").register(address).unwrap().assert_code(200);
        asterisk.kill().unwrap();
        assert!(asterisk.cli("core show uptime").is_err());
        asterisk.restart().unwrap();
        Phone::new("1001", "sesame").register(address).unwrap().assert_code(200);
        assert_eq!(asterisk.warnings().unwrap(), [""; 0]);
    }
}

#[test]
fn both_drivers_run_in_one_asterisk() {
    let asterisk = start(Version::V16, Driver::Both);
    let pjsip = asterisk.sip_addr(Transport::Udp);
    let sip = asterisk.chan_sip_addr(Transport::Udp);
    assert_ne!(pjsip, sip);
    let ada = Phone::new("1001", "sesame").online(pjsip).unwrap();
    Phone::new("1002", "sesame").call(sip, "1001").unwrap().assert_code(200);
    assert_eq!(ada.calls().unwrap(), 1);
    assert_eq!(asterisk.warnings().unwrap(), [""; 0]);
}

#[test]
fn instances_run_side_by_side_and_outlive_the_thread_that_started_them() {
    let starting: Vec<_> = (0..3)
        .map(|_| thread::spawn(|| start(Version::V22, Driver::Pjsip)))
        .collect();
    let mut instances: Vec<Asterisk> = starting.into_iter().map(|thread| thread.join().unwrap()).collect();
    for asterisk in &mut instances {
        assert!(asterisk.is_running().unwrap());
        let address = asterisk.sip_addr(Transport::Udp);
        Phone::new("1001", "sesame").register(address).unwrap().assert_code(200);
    }
}

#[test]
fn tls_is_spoken_for_sip_and_for_the_websocket() {
    for (version, driver) in ALL {
        let asterisk = start(version, driver);
        for transport in [Transport::Tls, Transport::Wss] {
            let address = asterisk.sip_addr(transport);
            let certificate = asterisk.path("etc/node.crt");
            let mut client = Command::new("openssl");
            client.args([
                "s_client",
                "-verify_return_error",
                "-connect",
                &address.to_string(),
                "-CAfile",
            ]);
            let output = client
                .arg(certificate)
                .stdin(std::process::Stdio::null())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                said.contains("Verify return code: 0 (ok)"),
                "{version} {driver:?} {transport:?}: {said}"
            );
        }
        // Asterisk 16 remarks on each connection that a client closes, as a warning.
        let warnings = asterisk.warnings().unwrap();
        assert!(!warnings.iter().any(|line| line.contains("] ERROR[")), "{warnings:?}");
    }
}

#[test]
fn calls_over_tls_have_encrypted_media() {
    for (version, driver) in ALL {
        let mut builder = Asterisk::builder(version).driver(driver);
        for number in ["1001", "1002"] {
            let pjsip = format!(
                "[{number}]\ntype = endpoint\naors = {number}\nauth = {number}\ncontext = from-sip\nallow = ulaw\n\
                 media_encryption = sdes\nrewrite_contact = yes\n\
                 [{number}]\ntype = aor\nmax_contacts = 1\n\
                 [{number}]\ntype = auth\nusername = {number}\npassword = sesame\n"
            );
            let sip = format!(
                "[{number}]\ntype = friend\nhost = dynamic\nsecret = sesame\ncontext = from-sip\ntransport = tls,udp\n\
                 encryption = yes\nnat = force_rport\n"
            );
            builder = builder.append("pjsip.conf", pjsip).append("sip.conf", sip);
        }
        let asterisk = builder.start().unwrap();
        let address = asterisk.sip_addr(Transport::Tls);
        let phone = |number, secret| Baresip::register(number, secret, address, Transport::Tls, Media::Sdes);
        let mut ada = phone("1001", "sesame").unwrap();
        let mut bob = phone("1002", "sesame").unwrap();
        bob.dial("1001").unwrap();
        for phone in [&mut ada, &mut bob] {
            phone.wait_for_call().unwrap();
            phone.wait_for_encryption().unwrap();
        }
        assert!(format!("{:#}", phone("1001", "wrong").unwrap_err()).contains("the registration failed"));
        // Plain media is not taken instead.
        let plain = Phone::new("1002", "sesame")
            .call(asterisk.sip_addr(Transport::Udp), "*43")
            .unwrap();
        plain.assert_code(488);
    }
}

#[test]
fn the_manager_interface_takes_its_secret_and_no_other() {
    let asterisk = start(Version::V22, Driver::Pjsip);
    let manager = asterisk.manager().unwrap();
    assert_eq!(
        log_in(manager.address, &manager.user, &manager.secret),
        "Response: Success"
    );
    assert_eq!(log_in(manager.address, &manager.user, "wrong"), "Response: Error");
}

fn log_in(address: SocketAddr, user: &str, secret: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.find(|line| line.starts_with("Response:")).unwrap()
}

#[test]
fn a_start_that_fails_shows_what_asterisk_said() {
    let builder = Asterisk::builder(Version::V22).file("local/modules.conf", "require = no_such_module.so\n");
    let error = builder.start().err().unwrap();
    assert!(format!("{error:#}").contains("no_such_module.so"), "{error:#}");
}

#[test]
fn asterisk_22_is_refused_chan_sip() {
    let error = Asterisk::builder(Version::V22)
        .driver(Driver::Sip)
        .start()
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "Asterisk 22 has no chan_sip");
}

#[test]
fn an_address_belongs_to_one_at_a_time() {
    let one = Loopback::claim().unwrap();
    let other = Loopback::claim().unwrap();
    assert_ne!(one.ip(), other.ip());
    assert!(std::net::TcpListener::bind((one.ip(), 4059)).is_err());
}

/// Runs `contrib/lab/lab` with a cache that is empty.
fn lab(arguments: &[&str]) -> (Option<i32>, String) {
    let cache = tempfile::tempdir().unwrap();
    let mut lab = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contrib/lab/lab"));
    lab.env("PEERAGE_CACHE", cache.path())
        .env_remove("PEERAGE_ASTERISK_22_ROOT");
    let output = lab.args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_lab_that_is_not_installed_says_what_to_run() {
    let (status, said) = lab(&["root", "22"]);
    assert_eq!(status, Some(1));
    assert!(said.ends_with("run: contrib/lab/lab install 22\n"), "{said}");
}

#[test]
fn the_lab_knows_its_own_versions_and_no_others() {
    for arguments in [
        &["root", "17"][..],
        &["root"],
        &["install", "all", "more"],
        &["remove"],
        &[],
    ] {
        let (status, said) = lab(arguments);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(said.starts_with("Usage:"), "{said}");
    }
    for version in Version::ALL {
        assert!(version.exact().unwrap().starts_with(&format!("{version}.")));
    }
}
