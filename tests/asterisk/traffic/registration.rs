//! From REGISTER to the canonical tables, and to the phone that is called.

use peerage_testkit::asterisk::Transport;
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::Phone;

use super::account::{Registration, SECRET, add_account_without_secret, phone, set_secret};
use super::log::complaints;
use super::stack::{CHAN_SIP_16, Lab, PJSIP_16, PJSIP_22, STACKS, Stack, on_each_stack, on_own, on_stacks};
use super::wire::{Algorithm, WirePhone};

/// What is in the tables of a phone that registered at this lab, `seconds` before it expires.
fn expected(lab: &Lab, phone: &Phone, seconds: i64) -> Registration {
    let node = lab.asterisk.config().node.clone();
    Registration {
        uri: phone.contact().unwrap(),
        agent: "peerage-testkit".into(),
        from: format!("{}:5060", phone.ip().unwrap()),
        seconds,
        server: node.clone(),
        node,
        transport_listed: true,
    }
}

#[test]
fn a_registration_is_in_the_tables_from_register_to_unregister() {
    on_each_stack(|lab| {
        let number = lab.account(&[]);
        let phone = phone(&number).expires(300);
        assert_eq!(lab.registrations(&number), []);

        phone.register(lab.udp()).unwrap().assert_code(200);
        let first = lab.registration(&number);
        assert!((1..=300).contains(&first.seconds), "{first:?}");
        assert_eq!(first, expected(lab, &phone, first.seconds));
        assert_eq!(lab.contacts(&number), std::slice::from_ref(&first.uri));

        let phone = phone.expires(1200);
        phone.register(lab.udp()).unwrap().assert_code(200);
        let again = lab.registration(&number);
        assert!((301..=1200).contains(&again.seconds), "{again:?}");
        assert_eq!(again, expected(lab, &phone, again.seconds));

        phone.unregister(lab.udp()).unwrap().assert_code(200);
        assert_eq!(lab.registrations(&number), []);
        assert_eq!(lab.contacts(&number), [""; 0]);
        lab.call(&number).assert_code(480);
    });
}

#[test]
fn a_phone_that_moves_is_called_where_it_registered_last() {
    on_each_stack(|lab| {
        let number = lab.account(&[]);
        let before = phone(&number).online(lab.udp()).unwrap();
        let now = phone(&number);
        let online = now.online(lab.udp()).unwrap();
        assert_eq!(lab.registration(&number).uri, now.contact().unwrap());
        lab.call(&number).assert_code(200);
        assert_eq!((before.calls().unwrap(), online.calls().unwrap()), (0, 1));
    });
}

#[test]
fn semicolons_and_carets_of_a_phone_come_back_as_it_wrote_them() {
    const AGENT: &str = "odd;phone^2/1.0 ^3B ^5E;";
    on_each_stack(|lab| {
        // With nat=no the contact stays as the phone wrote it.
        let number = lab.account(&[("nat", "'no'")]);
        let phone = WirePhone::new(&number)
            .agent(AGENT)
            .contact_parameters(";transport=udp;line=a1");
        let answer = phone.register(lab.udp(), &lab.db, Algorithm::Md5, 300);
        assert_eq!(answer.status(), Some(200), "{}", answer.text);
        let registration = lab.registration(&number);
        assert_eq!(registration.agent, AGENT);
        assert_eq!(registration.uri, phone.contact());
        assert_eq!(lab.contacts(&number), [phone.contact()]);

        // Found again by its coded identity, refreshed and removed.
        phone.register(lab.udp(), &lab.db, Algorithm::Md5, 900);
        assert!(lab.registration(&number).seconds > 300);
        phone.register(lab.udp(), &lab.db, Algorithm::Md5, 0);
        assert_eq!(lab.registrations(&number), []);
    });
}

#[test]
fn a_phone_whose_name_is_no_utf8_is_registered_and_called_as_any_other() {
    on_stacks(&STACKS, |stack| {
        let lab = Lab::start(stack);
        for (agent, shown) in [
            (&b"T\xe9l\xe9phone^2"[..], "T\u{e9}l\u{e9}phone^2"),
            ("\u{674e}\u{5c0f}\u{9f8d};1".as_bytes(), "\u{674e}\u{5c0f}\u{9f8d};1"),
            (b"\xff\xfe\x80", "\u{ff}\u{fe}\u{80}"),
        ] {
            let number = lab.account(&[("nat", "'no'")]);
            let phone = WirePhone::new(&number).agent(agent);
            // Bound, then refreshed: two statements.
            for seconds in [300, 900] {
                let answer = phone.register(lab.udp(), &lab.db, Algorithm::Md5, seconds);
                assert_eq!(answer.status(), Some(200), "{}", answer.text);
                assert!(answer.text.contains("Contact:"), "{}", answer.text);
                let registration = lab.registration(&number);
                assert_eq!(
                    (registration.agent.as_str(), registration.uri.as_str()),
                    (shown, phone.contact())
                );
                assert!(registration.seconds > i64::from(seconds) - 60, "{registration:?}");
            }
            assert_eq!(lab.contacts(&number), [phone.contact()]);
            phone.register(lab.udp(), &lab.db, Algorithm::Md5, 0);
            assert_eq!(lab.registrations(&number), []);
        }
        // What PJSIP tells its own programs in JSON it cannot, and says so.
        let mut complaints = complaints(&lab.asterisk);
        complaints.retain(|line| !line.contains("Invalid UTF-8 string") && !line.contains("backtrace records"));
        assert_eq!(complaints, [""; 0], "{}", stack.name);
    });
}

#[test]
fn a_wrong_secret_and_an_unknown_number_are_refused() {
    on_each_stack(|lab| {
        let number = lab.account(&[]);
        let refused = lab.stack.refusal();
        let wrong = Phone::new(number.clone(), "sesame-shut");
        wrong.register(lab.udp()).unwrap().assert_code(refused);
        wrong.call(lab.udp(), "*43").unwrap().assert_code(refused);
        phone("7777").register(lab.udp()).unwrap().assert_code(refused);
        phone("7777").call(lab.udp(), "*43").unwrap().assert_code(refused);
        assert_eq!(lab.registrations(&number), []);

        set_secret(&lab.db, &number, "sesame-shut");
        wrong.register(lab.udp()).unwrap().assert_code(200);
        phone(&number).register(lab.udp()).unwrap().assert_code(refused);
    });
}

#[test]
fn an_account_without_a_secret_is_refused_as_if_it_were_none() {
    on_each_stack(|lab| {
        for kind in ["'user'", "'peer'", "'friend'"] {
            let number = lab.number();
            add_account_without_secret(&lab.db, &number, &[("type", kind)]);
            for secret in [SECRET, "12345678"] {
                let phone = Phone::new(number.clone(), secret);
                phone.register(lab.udp()).unwrap().assert_code(lab.stack.refusal());
                phone.call(lab.udp(), "*43").unwrap().assert_code(lab.stack.refusal());
            }
            assert_eq!(lab.registrations(&number), []);
        }
        // Nor by its address alone.
        let host = phone(&lab.number());
        let number = lab.number();
        add_account_without_secret(&lab.db, &number, &[("host", &format!("'{}'", host.ip().unwrap()))]);
        let there = phone(&number).at(host.ip().unwrap());
        there.call(lab.udp(), "*43").unwrap().assert_code(lab.stack.refusal());
    });
}

#[test]
fn a_disabled_account_is_refused_and_an_enabled_one_taken_at_once() {
    on_each_stack(|lab| {
        let number = lab.account(&[("disabled", "true")]);
        let phone = phone(&number);
        let refused = lab.stack.refusal();
        phone.register(lab.udp()).unwrap().assert_code(refused);

        lab.set(&number, "disabled = false");
        phone.register(lab.udp()).unwrap().assert_code(200);
        phone.call(lab.udp(), "*43").unwrap().assert_code(200);
        let online = phone.online(lab.udp()).unwrap();
        lab.call(&number).assert_code(200);

        lab.set(&number, "disabled = true");
        lab.call(&number).assert_code(480);
        assert_eq!(online.calls().unwrap(), 1);
        drop(online);
        phone.register(lab.udp()).unwrap().assert_code(refused);
        phone.call(lab.udp(), "*43").unwrap().assert_code(refused);
    });
}

#[test]
fn a_changed_number_is_known_at_once_and_the_old_one_is_free() {
    on_each_stack(|lab| {
        let (old, new) = (lab.account(&[]), lab.number());
        let before = phone(&old).online(lab.udp()).unwrap();
        let digests = lab.db.psql(&format!(
            "select md5('{new}:asterisk:{SECRET}'), encode(sha256('{new}:asterisk:{SECRET}'), 'hex')"
        ));
        let (md5, sha256) = digests.split_once('|').unwrap();
        lab.db.psql(&format!(
            "begin;
            update peerage.sip_account set number = '{new}' where number = '{old}';
            update peerage.sip_secret set number = '{new}', md5 = '{md5}', sha256 = '{sha256}' where number = '{old}';
            commit"
        ));
        for number in [&old, &new] {
            assert_eq!(lab.registrations(number), []);
            lab.call(number).assert_code(480);
        }
        assert_eq!(before.calls().unwrap(), 0);
        drop(before);

        phone(&old)
            .register(lab.udp())
            .unwrap()
            .assert_code(lab.stack.refusal());
        let online = phone(&new).online(lab.udp()).unwrap();
        // Somebody else gets the old number.
        lab.account_numbered(&old, &[]);
        let other = phone(&old).online(lab.udp()).unwrap();
        for number in [&old, &new] {
            lab.call(number).assert_code(200);
        }
        assert_eq!((online.calls().unwrap(), other.calls().unwrap()), (1, 1));
    });
}

#[test]
fn registrations_outlive_asterisk_however_it_ends() {
    on_own(&STACKS, |lab| {
        let number = lab.account(&[]);
        let phone = phone(&number);
        let online = phone.online(lab.udp()).unwrap();
        let before = lab.registration(&number);
        for (calls, crash) in [(1, false), (2, true)] {
            if crash {
                lab.asterisk.kill().unwrap();
            } else {
                lab.asterisk.stop().unwrap();
            }
            assert_eq!(lab.registration(&number).uri, before.uri);
            lab.asterisk.restart().unwrap();
            assert_eq!(lab.registration(&number).uri, before.uri);
            assert_eq!(lab.contacts(&number), std::slice::from_ref(&before.uri));
            lab.call(&number).assert_code(200);
            assert_eq!(online.calls().unwrap(), calls);
        }
        drop(online);
        phone.unregister(lab.udp()).unwrap().assert_code(200);
        assert_eq!(lab.registrations(&number), []);
    });
}

#[test]
fn a_tcp_contact_of_pjsip_ends_with_the_asterisk_that_held_its_connection() {
    on_own(&[PJSIP_16, PJSIP_22], |lab| {
        let number = lab.account(&[("transports", "'{udp,tcp}'")]);
        let over_tcp = phone(&number).over(Transport::Tcp);
        let online = over_tcp.online(lab.tcp()).unwrap();
        assert_eq!(
            lab.registration(&number).uri.to_lowercase(),
            over_tcp.contact().unwrap()
        );
        lab.asterisk.kill().unwrap();
        assert_eq!(lab.registrations(&number).len(), 1);
        drop(online);
        lab.asterisk.restart().unwrap();
        assert_eq!(lab.registrations(&number), []);
    });
}

/// Asterisk takes no registration shorter than a minute unless it is told to; the tests would rather not wait so long.
fn impatient(stack: Stack) -> Lab {
    let db = TestDb::new();
    db.psql(
        "alter view asterisk.ps_aors rename to ps_aors_as_shipped;
        create view asterisk.ps_aors as select *, '1'::text as minimum_expiration from asterisk.ps_aors_as_shipped;
        grant select on asterisk.ps_aors to peerage_asterisk",
    );
    Lab::start_with(stack, db, |builder| {
        builder.file("local/sip.conf", "[general](+)\nminexpiry = 1\n").file(
            "local/pjsip.conf",
            "[global](+)\ncontact_expiration_check_interval = 1\n",
        )
    })
}

#[test]
fn a_registration_that_is_not_refreshed_expires() {
    on_stacks(&STACKS, |stack| {
        let lab = impatient(stack);
        let number = lab.account(&[]);
        let phone = phone(&number).expires(6);
        phone.register(lab.udp()).unwrap().assert_code(200);
        let uri = phone.contact().unwrap();
        assert_eq!(lab.registration(&number).uri, uri);
        lab.wait("the registration has expired", || lab.registrations(&number).is_empty());
        lab.wait("Asterisk has noticed", || lab.contacts(&number).is_empty());
        lab.call(&number).assert_code(480);
        // PJSIP removes what has expired by itself, chan_sip when it next reads it.
        let left = if stack == CHAN_SIP_16 {
            "select count(*) from peerage.sip_peer where fullcontact is not null"
        } else {
            "select count(*) from peerage.sip_contact"
        };
        lab.wait("nothing is left of it", || lab.db.psql(left) == "0");
        phone.register(lab.udp()).unwrap().assert_code(200);
        assert_eq!(lab.registration(&number).uri, uri);
        lab.assert_quiet();
    });
}
