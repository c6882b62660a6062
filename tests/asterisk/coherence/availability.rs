//! Endpoints made after Asterisk's start are available to queues.

use peerage_testkit::asterisk::Loopback;

use super::scene::Scene;
use crate::traffic::account::{add_account, phone};
use crate::traffic::stack::{PJSIP_16, PJSIP_22, on_stacks};

fn state(scene: &Scene, number: &str) -> String {
    let said = scene.said(number);
    let line = said.lines().find(|line| line.contains(&format!("Endpoint:  {number}")));
    line.unwrap_or(&said).to_owned()
}

#[test]
fn a_new_endpoint_at_a_fixed_address_becomes_available() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::start(stack);
        let (number, address) = (scene.lab.number(), Loopback::claim().unwrap());
        let host = format!("'{}'", address.ip());
        add_account(&scene.lab.db, &number, &[("host", &host), ("qualify_seconds", "0")]);
        scene.reaches("it is not in use", || state(&scene, &number).contains("Not in use"));

        // One that is asked whether it is there, and is.
        let there = phone(&scene.lab.number());
        let (number, host) = (there.contact().unwrap(), format!("'{}'", there.ip().unwrap()));
        let number = number.split(['@', ':']).nth(1).unwrap();
        let _listening = there.listen().unwrap();
        add_account(&scene.lab.db, number, &[("host", &host), ("qualify_seconds", "60")]);
        scene.reaches("it was asked", || state(&scene, number).contains("Not in use"));
    });
}

#[test]
fn a_new_endpoint_that_is_not_qualified_becomes_available_when_it_registers() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::start(stack);
        let number = scene.lab.number();
        add_account(&scene.lab.db, &number, &[("qualify_seconds", "0")]);
        scene.reaches("Asterisk has taken note", || {
            scene
                .lab
                .cli(&format!("pjsip show qualify aor {number}"))
                .contains(": 0 sec")
        });
        let _online = phone(&number).online(scene.lab.udp()).unwrap();
        scene.reaches("it is not in use", || state(&scene, &number).contains("Not in use"));
    });
}

#[test]
fn a_new_qualify_time_holds_for_who_is_registered() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        let _online = phone(&number).online(scene.lab.udp()).unwrap();
        let every = |seconds: &str| {
            let said = scene.lab.cli(&format!("pjsip show qualify aor {number}"));
            said.contains(&format!(": {seconds} sec"))
        };
        scene.reaches("it is known", || every("60"));
        scene.lab.set(&number, "qualify_seconds = 30");
        scene.reaches("the new time", || every("30"));
    });
}

#[test]
fn many_at_fixed_addresses_are_made_known_at_once() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::start(stack);
        scene.lab.db.psql(
            "with account as (
              insert into peerage.sip_account (site_id, number, kind, host, qualify_seconds)
              select 1, (5000 + n)::text, 'phone', '127.250.1.' || n, 0 from generate_series(1, 60) as n
              returning id, number
            )
            insert into peerage.phone (account_id, number, full_name) select id, number, number from account;
            insert into peerage.sip_secret (id, number, realm, md5, sha256)
            select id, number, 'asterisk', md5(number), encode(sha256(number::bytea), 'hex')
            from peerage.sip_account where number like '50__'",
        );
        for number in ["5001", "5030", "5060"] {
            scene.reaches("it is not in use", || state(&scene, number).contains("Not in use"));
        }
    });
}
