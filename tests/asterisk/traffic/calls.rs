//! What a call carries: caller id, variables, codecs, encryption.

use std::ffi::OsStr;
use std::fs;

use peerage_testkit::sipp::{Listening, Manner, Message};

use super::account::phone;
use super::stack::{Lab, on_each_stack};

/// The INVITE that an account with these settings is sent when `caller` calls it.
fn invitation(lab: &Lab, caller: &str, settings: &[(&str, &str)]) -> Message {
    let called = lab.account(settings);
    let busy = phone(&called).manner(Manner::Refuse(486)).online(lab.udp()).unwrap();
    phone(caller).call(lab.udp(), &called).unwrap().assert_code(486);
    first_invite(&busy)
}

fn first_invite(phone: &Listening) -> Message {
    let messages = phone.messages().unwrap();
    messages
        .into_iter()
        .find(|message| message.method() == Some("INVITE"))
        .unwrap()
}

/// The display name and the user of a From header, with the name's escapes undone.
fn who(invite: &Message) -> (String, String) {
    let from = invite.header("From").unwrap();
    let (name, address) = from.rsplit_once('<').unwrap();
    let quoted = name.trim().trim_start_matches('"').trim_end_matches('"');
    let name = quoted.replace("\\\"", "\"").replace("\\\\", "\\");
    let user = address.trim_start_matches("sip:").split('@').next().unwrap();
    (name, user.to_owned())
}

/// The media line of the audio: its profile, and its codecs in order.
fn audio(invite: &Message) -> (String, Vec<String>) {
    let lines: Vec<_> = invite.body().lines().collect();
    let media = lines.iter().find_map(|line| line.strip_prefix("m=audio ")).unwrap();
    let mut words = media.split(' ').skip(1);
    let profile = words.next().unwrap().to_owned();
    let codec = |payload: &str| {
        let map = lines
            .iter()
            .find_map(|line| line.strip_prefix(&format!("a=rtpmap:{payload} ")));
        map.unwrap_or(payload).split('/').next().unwrap().to_lowercase()
    };
    let codecs = words.map(codec).filter(|name| name != "telephone-event");
    (profile, codecs.collect())
}

#[test]
fn the_called_party_sees_the_callers_name_and_number() {
    let names = [
        "Ada Lovelace",
        "\"Ada\" \\ Lovelace",
        "A;da^5E Love^3Blace;x=y",
        "Ada, <Countess>",
        "Zoë Ångström",
        "李小龍",
    ];
    on_each_stack(|lab| {
        for name in names {
            let caller = lab.account(&[("callerid_name", &format!("'{name}'")), ("callerid_number", "'4711'")]);
            assert_eq!(who(&invitation(lab, &caller, &[])), (name.into(), "4711".into()));
        }
    });
}

#[test]
fn a_caller_without_a_caller_id_number_shows_its_own() {
    on_each_stack(|lab| {
        let named = lab.account(&[("callerid_name", "'Ada'")]);
        assert_eq!(who(&invitation(lab, &named, &[])), ("Ada".into(), named));
        let nameless = lab.account(&[("callerid_number", "'4711'")]);
        assert_eq!(who(&invitation(lab, &nameless, &[])), (String::new(), "4711".into()));
        let neither = lab.account(&[]);
        assert_eq!(who(&invitation(lab, &neither, &[])), (String::new(), neither));
    });
}

#[test]
fn the_dialplan_knows_who_may_be_listened_to_and_who_is_recorded() {
    on_each_stack(|lab| {
        for (spy, record, expected) in [
            ("true", "'wav49'", "spy=yes record=wav49"),
            ("false", "'inactive'", "spy=no record=inactive"),
        ] {
            let number = lab.account(&[("chanspy", spy), ("record", record)]);
            phone(&number).call(lab.udp(), "variables").unwrap().assert_code(200);
            let line = format!("variables of {number}: {expected}");
            let log = lab.asterisk.log().unwrap();
            assert!(log.contains(&line), "no `{line}` in\n{log}");
        }
    });
}

#[test]
fn a_call_is_recorded_as_the_called_account_says_and_not_as_the_caller_does() {
    on_each_stack(|lab| {
        let called = lab.account(&[("record", "'wav'")]);
        let _online = phone(&called).online(lab.udp()).unwrap();
        let caller = lab.phone(&[("record", "'gsm'")]);
        caller.call(lab.udp(), &called).unwrap().assert_code(200);
        let recordings = || {
            let Ok(files) = fs::read_dir(lab.asterisk.path("spool/monitor")) else {
                return Vec::new();
            };
            let endings = files.map(|file| file.unwrap().path().extension().map(OsStr::to_owned));
            endings.flatten().collect::<Vec<_>>()
        };
        // No other test of the shared Asterisks has anything recorded.
        lab.wait("the recording is there", || !recordings().is_empty());
        assert_eq!(recordings(), ["wav"]);
    });
}

/// The INVITE that Asterisk sends an account of its own accord.
fn originated(lab: &Lab, settings: &[(&str, &str)]) -> Message {
    let called = lab.account(settings);
    let busy = phone(&called).manner(Manner::Refuse(486)).online(lab.udp()).unwrap();
    let technology = if lab.stack.is_pjsip() { "PJSIP" } else { "SIP" };
    lab.cli(&format!("channel originate {technology}/{called} application Wait 1"));
    busy.wait_for_calls(1).unwrap();
    first_invite(&busy)
}

#[test]
fn codecs_are_offered_in_the_accounts_order() {
    let orders = [
        ("'{ulaw,alaw}'", vec!["pcmu", "pcma"]),
        ("'{alaw,ulaw}'", vec!["pcma", "pcmu"]),
        ("'{g722,gsm,alaw,ulaw}'", vec!["g722", "gsm", "pcma", "pcmu"]),
        ("'{gsm}'", vec!["gsm"]),
    ];
    on_each_stack(|lab| {
        for (codecs, expected) in &orders {
            let invite = originated(lab, &[("codecs", codecs)]);
            assert_eq!(audio(&invite).1, *expected, "{codecs}");
        }
    });
}

#[test]
fn a_codec_that_asterisk_cannot_translate_is_passed_on() {
    on_each_stack(|lab| {
        let codecs = ("codecs", "'{opus,g729,alaw}'");
        let called = lab.account(&[codecs]);
        let busy = phone(&called).manner(Manner::Refuse(486)).online(lab.udp()).unwrap();
        let caller = lab.phone(&[codecs]).codecs(&["opus", "g729", "alaw"]);
        caller.call(lab.udp(), &called).unwrap().assert_code(486);
        assert_eq!(audio(&first_invite(&busy)).1[0], "opus");
    });
}

#[test]
fn between_two_accounts_the_callers_preferred_codec_is_offered_first() {
    on_each_stack(|lab| {
        let caller = lab.account(&[("codecs", "'{ulaw,alaw}'")]);
        let invite = invitation(lab, &caller, &[("codecs", "'{gsm,alaw,ulaw}'")]);
        let mut offered = audio(&invite).1;
        assert_eq!(offered[0], "pcmu", "{}", invite.text);
        offered.sort();
        assert_eq!(offered, ["gsm", "pcma", "pcmu"]);
    });
}

#[test]
fn an_encrypted_account_is_offered_srtp_and_nothing_else() {
    on_each_stack(|lab| {
        let caller = lab.account(&[]);
        let encrypted = invitation(lab, &caller, &[("encryption", "true")]);
        assert_eq!(audio(&encrypted).0, "RTP/SAVP", "{}", encrypted.text);
        assert!(
            encrypted.body().contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"),
            "{}",
            encrypted.text
        );
        assert_eq!(encrypted.body().matches("m=audio").count(), 1);

        let plain = invitation(lab, &caller, &[("encryption", "false")]);
        assert_eq!(audio(&plain).0, "RTP/AVP", "{}", plain.text);
        assert!(!plain.body().contains("a=crypto"), "{}", plain.text);
    });
}

#[test]
fn an_encrypted_account_that_calls_in_the_clear_is_refused() {
    on_each_stack(|lab| {
        let number = lab.account(&[("encryption", "true")]);
        phone(&number).call(lab.udp(), "*43").unwrap().assert_code(488);
    });
}
