//! What becomes of chan_sip's registrations when peers are kept in memory and forgotten.

use std::thread::sleep;
use std::time::Duration;

use peerage_store::VoicePatch;

use super::scene::Scene;
use crate::traffic::account::phone;
use crate::traffic::stack::{CHAN_SIP_16, STACKS, on_stacks};

fn context(context: &str) -> VoicePatch {
    VoicePatch {
        context: Some(context.parse().unwrap()),
        ..VoicePatch::default()
    }
}

#[test]
fn a_registered_phone_stays_registered_and_can_be_called_when_its_account_changes() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        let there = phone(&number);
        let online = there.online(scene.lab.udp()).unwrap();
        scene.set_voice(&number, context("elsewhere"));
        scene.reaches("the new context", || scene.context(&number) == "elsewhere");
        assert_eq!(scene.lab.registration(&number).uri, there.contact().unwrap());
        assert_eq!(scene.lab.contacts(&number), [there.contact().unwrap()]);
        scene.lab.call(&number).assert_code(200);
        online.wait_for_calls(1).unwrap();
    });
}

#[test]
fn a_registered_chan_sip_phone_is_asked_whether_it_is_there_after_its_account_changed() {
    let scene = Scene::start(CHAN_SIP_16);
    let number = scene.add_agent();
    let _online = phone(&number).online(scene.lab.udp()).unwrap();
    let is_ok = || scene.said(&number).contains("Status       : OK");
    scene.reaches("it was asked", is_ok);
    scene.set_voice(&number, context("elsewhere"));
    scene.reaches("the new context", || {
        // Without `load`: the service itself has had it read back.
        let said = scene.lab.cli(&format!("sip show peer {number}"));
        said.contains("elsewhere") && said.contains("Status       : OK")
    });
}

#[test]
fn the_timer_of_a_forgotten_peer_does_not_end_the_registration_that_followed() {
    let scene = Scene::with(CHAN_SIP_16, |builder| {
        builder.file("local/sip.conf", "[general](+)\nminexpiry = 1\n")
    });
    let mut scene = scene;
    scene.start_service();
    let number = scene.add_agent();
    let before = phone(&number).expires(1);
    before.register(scene.lab.udp()).unwrap().assert_code(200);
    // Read back once, it would clear the row when its timer runs out, ten seconds after the registration.
    scene.set_voice(&number, context("first"));
    scene.reaches("the first change", || scene.context(&number) == "first");
    before.register(scene.lab.udp()).unwrap().assert_code(200);
    scene.set_voice(&number, context("second"));
    scene.reaches("the second change", || scene.context(&number) == "second");
    let now = phone(&number);
    now.register(scene.lab.udp()).unwrap().assert_code(200);
    let until = std::time::Instant::now() + Duration::from_secs(14);
    while std::time::Instant::now() < until {
        assert_eq!(scene.lab.registration(&number).uri, now.contact().unwrap());
        sleep(Duration::from_millis(500));
    }
}

#[test]
fn a_phone_that_unregisters_is_registered_no_more_though_its_peer_is_kept() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        // Read before it ever registered: chan_sip then clears nothing in the database.
        scene.prime(&number);
        let there = phone(&number);
        there.register(scene.lab.udp()).unwrap().assert_code(200);
        assert_eq!(scene.lab.registrations(&number).len(), 1);
        there.unregister(scene.lab.udp()).unwrap().assert_code(200);
        scene.reaches("it is not registered", || scene.lab.registrations(&number).is_empty());
        there.register(scene.lab.udp()).unwrap().assert_code(200);
        assert_eq!(scene.lab.registrations(&number).len(), 1);
    });
}

#[test]
fn a_chan_sip_peer_with_a_call_is_forgotten_when_the_call_has_ended() {
    let scene = Scene::start(CHAN_SIP_16);
    let number = scene.add_agent();
    let online = phone(&number).online(scene.lab.udp()).unwrap();
    let caller = scene.lab.phone(&[]);
    let _call = caller.dial(scene.lab.udp(), &number, Duration::from_secs(60)).unwrap();
    online.wait_for_calls(1).unwrap();
    let in_use = || {
        scene
            .lab
            .cli("sip show inuse")
            .lines()
            .any(|line| line.starts_with(&number) && line.contains("1/"))
    };
    scene.reaches("it is in use", in_use);
    scene.set_voice(&number, context("elsewhere"));
    let other = scene.add_agent();
    scene.prime(&other);
    scene.set_voice(&other, context("elsewhere"));
    scene.reaches("another is changed", || scene.context(&other) == "elsewhere");
    // Told before the other, and still as it was: with its call counted.
    assert!(in_use(), "{}", scene.lab.cli("sip show inuse"));
    assert_eq!(scene.context(&number), "from-sip");
    scene.lab.cli("channel request hangup all");
    scene.reaches("the call has ended", || !in_use());
    scene.reaches("the new context", || scene.context(&number) == "elsewhere");
}
