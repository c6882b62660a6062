//! What a phone says besides the number it dials.

use peerage_testkit::asterisk::Driver;

use super::lab::{Lab, on_each};
use super::wire::{Called, Manner, Wire};

/// Dial strings that a phone may put into a message, as they stand in a URI.
const TARGETS: [&str; 4] = [
    "Local%2F0900667%40peerage-outbound%2Fn",
    "PJSIP%2Fsink%2Fsip%3A0900667%40sink",
    "SIP%2Fsink%2F0900667",
    "1%26Local%2F0900667%40peerage-outbound",
];

#[track_caller]
fn assert_nothing(lab: &Lab, what: &str, strangers: &[String]) {
    assert!(strangers.is_empty(), "{:?}: {what}: {strangers:?}", lab.stack);
}

#[test]
fn an_account_with_a_hyphen_and_a_dot_is_called() {
    on_each(|lab| {
        let phone = Called::new(Manner::Busy);
        assert_eq!(lab.register("front-desk.1", &phone, ""), 200);
        assert_eq!(lab.call("1001", "front-desk.1"), 486, "{:?}", lab.stack);
        assert_eq!(phone.users(), ["front-desk.1"]);
    });
}

#[test]
fn all_contacts_of_an_account_ring() {
    on_each(|lab| {
        if lab.stack.sip {
            // chan_sip knows one.
            return;
        }
        let phones = [(); 3].map(|()| Called::new(Manner::Busy));
        for (phone, parameters) in
            phones
                .iter()
                .zip(["", ";transport=udp;line=a1~b;x-ast-orig-host=192.0.2.1:0", ";ob"])
        {
            assert_eq!(lab.register("1303", phone, parameters), 200);
        }
        assert_eq!(lab.call("1001", "1303"), 486);
        for phone in &phones {
            assert_eq!(phone.users(), ["1303"]);
        }
    });
}

#[test]
fn a_called_phone_that_has_moved_does_not_choose_a_dial_string() {
    on_each(|lab| {
        for target in TARGETS {
            let phone = Called::new(Manner::Moved(target.into()));
            assert_eq!(lab.register("1002", &phone, ""), 200);
            let strangers = lab.strangers(&["1002"], || {
                assert!(lab.call("1001", "1002") >= 400);
            });
            assert!(!phone.users().is_empty());
            assert_nothing(lab, target, &strangers);
        }
    });
}

#[test]
fn a_registered_contact_does_not_choose_a_dial_string() {
    on_each(|lab| {
        for parameters in [
            ";a=&PJSIP/sink",
            ";a=&PJSIP/sink/sip:0900667",
            ";a=&PJSIP/1002/sip:&Local/0900667%40peerage-outbound",
        ] {
            let phone = Called::new(Manner::Busy);
            // What does not register is no contact.
            lab.register("1002", &phone, parameters);
            let strangers = lab.strangers(&["1002"], || {
                assert!(lab.call("1001", "1002") >= 400);
            });
            assert_nothing(lab, parameters, &strangers);
            lab.phone
                .request(lab.server(), "1002", "REGISTER", "", "Contact: *\r\nExpires: 0\r\n", "");
        }
    });
}

#[test]
fn a_transfer_does_not_reach_what_its_context_does_not() {
    on_each(|lab| {
        let phone = Called::new(Manner::Answer);
        assert_eq!(lab.register("1002", &phone, ""), 200);
        for target in TARGETS {
            let strangers = lab.strangers(&["1002"], || {
                let (status, mut dialog) = lab.phone.invite(lab.server(), "1001", "1002");
                assert_eq!(status, 200);
                let refer = format!("Refer-To: <sip:{target}@{}>\r\n", lab.server());
                let _ = lab.phone.request_in(&mut dialog, "REFER", &refer);
                lab.phone.end(&mut dialog);
                lab.wait("the calls have ended", || {
                    lab.cli("core show channels").contains("0 active channels")
                });
            });
            assert_nothing(lab, target, &strangers);
        }
    });
}

#[test]
fn a_text_message_places_no_call() {
    on_each(|lab| {
        for (account, user) in [("1003", "0900667"), ("1001", "1%26Local%2F0900667%40peerage-outbound")] {
            let strangers = lab.strangers(&[account], || {
                lab.phone.request(lab.server(), account, "MESSAGE", user, "", "hello");
            });
            // The channel that carries a message through the dialplan is none of a call.
            let strangers: Vec<String> = strangers
                .into_iter()
                .filter(|one| !one.starts_with("Message/"))
                .collect();
            assert_nothing(lab, user, &strangers);
        }
    });
}

#[test]
fn a_subscription_watches_accounts_only() {
    on_each(|lab| {
        let headers = "Event: dialog\r\nAccept: application/dialog-info+xml\r\nExpires: 60\r\n";
        for user in ["1%26Custom%3Asecret", "1002%26PJSIP%2F1303%26SIP%2F1303"] {
            lab.phone.request(lab.server(), "1001", "SUBSCRIBE", user, headers, "");
        }
        let status = lab
            .phone
            .request(lab.server(), "1001", "SUBSCRIBE", "1002", headers, "");
        assert!((200..300).contains(&status), "{:?}: {status}", lab.stack);
        let hints = lab.cli("core show hints");
        let watched: Vec<&str> = hints
            .lines()
            .filter_map(|line| line.split_once(" : "))
            .map(|(_, rest)| rest)
            .collect();
        assert!(
            watched
                .iter()
                .any(|one| one.starts_with("PJSIP/1002 ") || one.starts_with("SIP/1002 ")),
            "{hints}"
        );
        let strange = |one: &&str| one.contains('&') || one.contains("Custom:") || one.contains("/1303");
        assert!(!watched.iter().any(strange), "{hints}");
    });
}

#[test]
fn listening_takes_the_number_whole() {
    on_each(|lab| {
        if lab.stack.sip && lab.stack.driver == Driver::Both {
            // There PJSIP's accounts alone can be listened to.
            return;
        }
        let called = Called::new(Manner::Answer);
        assert_eq!(lab.register("1002", &called, ""), 200);
        let talk = |account: &str| {
            let phone = Wire::new();
            let (status, dialog) = phone.invite(lab.server(), account, "1002");
            assert_eq!(status, 200);
            (phone, dialog)
        };
        let heard = || lab.events.field("ChanSpyStart", "SpyeeChannel");
        let mut calls = vec![talk("10519"), talk("1051-2")];
        let (status, mut listening) = lab.phone.invite(lab.server(), "1004", "*601051");
        assert_eq!(status, 200);
        calls.push(talk("1051"));
        lab.wait("1051 is listened to", || !heard().is_empty());
        let wanted = format!("{}/1051-0", lab.technology());
        assert!(
            heard().iter().all(|channel| channel.starts_with(&wanted)),
            "{:?}: {:?}",
            lab.stack,
            heard()
        );
        for (phone, dialog) in &mut calls {
            phone.end(dialog);
        }
        lab.phone.end(&mut listening);
    });
}
