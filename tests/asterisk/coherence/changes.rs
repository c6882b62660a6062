//! What is changed, by whatever means, is what Asterisk says; without the service it is not.

use peerage_store::{AccountPatch, VoicePatch};
use peerage_testkit::sipp::Phone;

use super::command::peerage;
use super::console::Console;
use super::load::Load;
use super::scene::Scene;
use crate::traffic::account::{SECRET, phone};
use crate::traffic::stack::{PJSIP_16, PJSIP_22, STACKS, on_stacks};

const NEW_SECRET: &str = "another-way-in";

fn codecs(codecs: &str) -> VoicePatch {
    VoicePatch {
        codecs: Some(codecs.parse().unwrap()),
        ..VoicePatch::default()
    }
}

fn context(context: &str) -> VoicePatch {
    VoicePatch {
        context: Some(context.parse().unwrap()),
        ..VoicePatch::default()
    }
}

fn secret(secret: &str) -> AccountPatch {
    AccountPatch {
        secret: Some(secret.parse().unwrap()),
        ..AccountPatch::default()
    }
}

/// Whether Asterisk lets a phone in with this secret.
fn lets_in(scene: &Scene, number: &str, secret: &str) -> bool {
    let outcome = Phone::new(number, secret).register(scene.lab.udp()).unwrap();
    outcome.code() == 200
}

fn takes_the_new_secret(scene: &Scene, number: &str) {
    scene.reaches("the new secret lets in", || lets_in(scene, number, NEW_SECRET));
    assert!(!lets_in(scene, number, SECRET));
}

#[test]
fn what_operations_change_is_what_asterisk_says() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        assert!(lets_in(&scene, &number, SECRET));
        scene.set_voice(&number, codecs("alaw,g722"));
        scene.reaches("the new codecs", || scene.codecs(&number) == "alaw|g722");
        scene.set_voice(&number, context("elsewhere"));
        scene.reaches("the new context", || scene.context(&number) == "elsewhere");
        scene.set_agent(&number, secret(NEW_SECRET));
        takes_the_new_secret(&scene, &number);
        scene.lab.assert_quiet();
    });
}

#[test]
fn what_the_command_changes_is_what_asterisk_says() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        assert!(lets_in(&scene, &number, SECRET));
        let set = |arguments: &[&str], input: &str| {
            let all: Vec<&str> = ["agent", "set", &number]
                .into_iter()
                .chain(arguments.iter().copied())
                .collect();
            peerage(&scene.lab.db, &all, input);
        };
        set(&["--codecs", "alaw,g722", "--context", "elsewhere"], "");
        scene.reaches("the new codecs", || scene.codecs(&number) == "alaw|g722");
        assert_eq!(scene.context(&number), "elsewhere");
        set(&["--secret-stdin"], &format!("{NEW_SECRET}\n"));
        takes_the_new_secret(&scene, &number);
    });
}

#[test]
fn what_the_console_changes_is_what_asterisk_says() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        assert!(lets_in(&scene, &number, SECRET));
        let console = Console::open(&scene, &number);
        console.save_voice(["alaw", "g722"], "elsewhere");
        scene.reaches("the new codecs", || scene.codecs(&number) == "alaw|g722");
        assert_eq!(scene.context(&number), "elsewhere");
        console.set_secret(NEW_SECRET);
        takes_the_new_secret(&scene, &number);
        console.end();
    });
}

#[test]
fn what_a_dbas_sql_changes_is_what_asterisk_says() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        // Every sign that a number can have.
        let numbers = [scene.add_agent(), scene.add_agent(), "A.b-2".to_owned()];
        scene.add_agent_numbered(&numbers[2]);
        for number in &numbers {
            scene.prime(number);
            assert!(lets_in(&scene, number, SECRET));
        }
        scene
            .lab
            .db
            .psql("update peerage.sip_account set codecs = '{alaw,g722}', context = 'elsewhere'");
        for number in &numbers {
            scene.reaches("the new codecs", || scene.codecs(number) == "alaw|g722");
            assert_eq!(scene.context(number), "elsewhere");
        }
        let number = &numbers[0];
        crate::traffic::account::set_secret(&scene.lab.db, number, NEW_SECRET);
        takes_the_new_secret(&scene, number);
    });
}

#[test]
fn without_the_service_a_caching_asterisk_goes_on_as_before_and_with_it_is_brought_in_step() {
    on_stacks(&STACKS, |stack| {
        let mut scene = Scene::without_service(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        let before = (scene.codecs(&number), scene.context(&number));
        scene.set_voice(&number, codecs("alaw,g722"));
        scene.set_voice(&number, context("elsewhere"));
        let others = [scene.add_agent(), scene.add_agent()];
        for other in &others {
            scene.prime(other);
        }
        assert_eq!((scene.codecs(&number), scene.context(&number)), before);
        scene.start_service();
        assert_eq!(scene.codecs(&number), "alaw|g722");
        assert_eq!(scene.context(&number), "elsewhere");
    });
}

/// The bound of the caches holds by itself: nobody tells Asterisk anything.
#[test]
fn without_the_service_an_old_secret_is_good_no_longer_than_the_cache_lives() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::with(stack, |builder| builder.caching_for(5));
        let number = scene.add_agent();
        scene.prime(&number);
        assert!(lets_in(&scene, &number, SECRET));
        scene.set_agent(&number, secret(NEW_SECRET));
        scene
            .lab
            .wait("the new secret is in force", || lets_in(&scene, &number, NEW_SECRET));
        assert!(!lets_in(&scene, &number, SECRET));
    });
}

#[test]
fn who_is_disabled_or_has_a_new_secret_is_registered_no_more_with_the_service_or_without() {
    on_stacks(&STACKS, |stack| {
        let mut scene = Scene::without_service(stack);
        for with_service in [false, true] {
            if with_service {
                scene.start_service();
            }
            let [disabled, secreted] = [scene.add_agent(), scene.add_agent()];
            for number in [&disabled, &secreted] {
                phone(number).register(scene.lab.udp()).unwrap().assert_code(200);
                assert_eq!(scene.lab.registrations(number).len(), 1);
            }
            scene.set_agent(
                &disabled,
                AccountPatch {
                    disabled: Some(true),
                    ..AccountPatch::default()
                },
            );
            scene.set_agent(&secreted, secret(NEW_SECRET));
            for number in [&disabled, &secreted] {
                assert_eq!(scene.lab.registrations(number), [], "{}: {number}", stack.name);
            }
            // Whatever a cache still lets in, the database binds no contact of who is disabled.
            phone(&disabled).register(scene.lab.udp()).unwrap();
            assert_eq!(scene.lab.registrations(&disabled), [], "{}", stack.name);
        }
    });
}

#[test]
fn who_is_removed_disabled_or_has_a_new_number_is_known_no_more() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let [removed, disabled, renamed] = [scene.add_agent(), scene.add_agent(), scene.add_agent()];
        for number in [&removed, &disabled, &renamed] {
            scene.prime(number);
        }
        scene.store.remove_agent(&removed.parse().unwrap()).unwrap();
        scene.reaches("the removed one is gone", || !scene.knows(&removed));
        scene.lab.set(&disabled, "disabled = true");
        scene.reaches("the disabled one is gone", || !scene.knows(&disabled));
        let new = scene.lab.number();
        scene.set_agent(
            &renamed,
            AccountPatch {
                number: Some(new.parse().unwrap()),
                ..secret(NEW_SECRET)
            },
        );
        scene.reaches("the old number is gone", || !scene.knows(&renamed));
        assert!(lets_in(&scene, &new, NEW_SECRET));
        assert!(!lets_in(&scene, &renamed, SECRET));
    });
}

#[test]
fn under_registration_load_changes_reach_asterisk_and_no_registration_fails() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let numbers: Vec<String> = (0..50).map(|_| scene.add_agent()).collect();
        let load = Load::start(scene.lab.udp(), &numbers, 25, 500);
        for (turn, number) in numbers.iter().take(20).enumerate() {
            let name = format!("elsewhere-{turn}");
            scene.prime(number);
            scene.set_voice(number, context(&name));
            scene.reaches("the new context", || scene.context(number) == name);
            scene.set_voice(number, codecs("alaw"));
            scene.reaches("the new codecs", || scene.codecs(number) == "alaw");
        }
        load.finish();
        let registered = scene.lab.db.psql(&match stack.is_pjsip() {
            true => "select count(distinct aor) from peerage.sip_contact where expires_at > now()".to_owned(),
            false => "select count(*) from peerage.sip_peer where expires_at > now()".to_owned(),
        });
        assert_eq!(registered, "50");
    });
}

/// Asterisk keeps its fixed hosts whole, and reads them for each request of a user it does not know.
#[test]
fn fixed_host_comes_and_goes_though_identifications_are_cached() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        let is_known = |scene: &Scene| scene.lab.cli("pjsip show identifies").contains("127.250.0.9");
        assert!(!is_known(&scene));
        scene.lab.set(&number, "host = '127.250.0.9'");
        scene.reaches("its fixed host is known", || is_known(&scene));
        scene.lab.set(&number, "host = 'dynamic'");
        scene.reaches("its fixed host is forgotten", || !is_known(&scene));
    });
}
