//! The testkit itself: real Asterisk, real phones, static configuration.

use std::time::Duration;

use peerage_testkit::asterisk::{Asterisk, Driver, Transport, Version, wait_until};
use peerage_testkit::sipp::{Manner, Phone};

/// Accounts 1001 and 1002 with the secret `sesame`, for either driver.
fn accounts() -> [(&'static str, String); 2] {
    let mut pjsip = String::new();
    let mut sip = String::new();
    for number in ["1001", "1002"] {
        pjsip.push_str(&format!(
            "[{number}]\ntype = endpoint\naors = {number}\nauth = {number}\ncontext = from-sip\nallow = ulaw,alaw\n\
             [{number}]\ntype = aor\nmax_contacts = 1\nremove_existing = yes\n\
             [{number}]\ntype = auth\nusername = {number}\npassword = sesame\n"
        ));
        sip.push_str(&format!(
            "[{number}]\ntype = friend\nhost = dynamic\nsecret = sesame\ncontext = from-sip\ntransport = udp,tcp\n"
        ));
    }
    [("pjsip.conf", pjsip), ("sip.conf", sip)]
}

fn start(version: Version, driver: Driver) -> Asterisk {
    let mut builder = Asterisk::builder(version).driver(driver);
    for (file, text) in accounts() {
        builder = builder.append(file, text);
    }
    builder.start().unwrap()
}

fn registered(asterisk: &Asterisk, driver: Driver) -> bool {
    match driver {
        Driver::Pjsip => asterisk.cli("pjsip show contacts").unwrap().contains("sip:1001@"),
        _ => !asterisk
            .cli("sip show peer 1001")
            .unwrap()
            .contains("Addr->IP     : (null)"),
    }
}

fn phones_register_call_and_unregister(version: Version, driver: Driver) {
    let mut asterisk = start(version, driver);
    for transport in [Transport::Udp, Transport::Tcp] {
        let address = asterisk.sip_addr(transport);
        let ada = Phone::new("1001", "sesame").over(transport);
        let bob = Phone::new("1002", "sesame").over(transport);

        ada.register(address).unwrap().assert_code(200);
        assert!(registered(&asterisk, driver));
        ada.unregister(address).unwrap().assert_code(200);
        assert!(!registered(&asterisk, driver));

        let online = ada.online(address).unwrap();
        let call = bob.call(address, "1001").unwrap();
        call.assert_code(200);
        assert!(call.codes().contains(&180), "{call}");
        assert_eq!(online.calls().unwrap(), 1);
        bob.call(address, "*43").unwrap().assert_code(200);
    }

    asterisk.restart().unwrap();
    let address = asterisk.sip_addr(Transport::Udp);
    Phone::new("1001", "sesame").register(address).unwrap().assert_code(200);
    asterisk.kill().unwrap();
    assert!(!asterisk.is_running().unwrap());
    asterisk.restart().unwrap();
    Phone::new("1001", "sesame").register(address).unwrap().assert_code(200);
    assert_eq!(asterisk.warnings().unwrap(), [""; 0]);
}

#[test]
fn phones_use_pjsip_of_asterisk_22() {
    phones_register_call_and_unregister(Version::V22, Driver::Pjsip);
}

#[test]
fn phones_use_pjsip_of_asterisk_16() {
    phones_register_call_and_unregister(Version::V16, Driver::Pjsip);
}

#[test]
fn phones_use_chan_sip_of_asterisk_16() {
    phones_register_call_and_unregister(Version::V16, Driver::Sip);
}
