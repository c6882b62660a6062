//! A large import beside an Asterisk that caches, while telephones register.

use std::collections::BTreeMap;
use std::time::Instant;

use peerage_store::{ImportRow, Mode, NewAgent};

use super::load::Load;
use super::scene::Scene;
use super::wire::Wire;
use crate::traffic::account::SECRET;
use crate::traffic::stack::{CHAN_SIP_16, PJSIP_22, Stack};

/// Most actions that the import may cost a node; each account apart would be three times as many as there are accounts.
const MOST_ACTIONS: usize = 500;

#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn import_beside(stack: Stack, agents: u64) {
    let scene = Scene::start(stack);
    // The service follows the node to its new address, where actions are counted.
    let wire = Wire::to_manager(scene.lab.asterisk.manager().unwrap().address);
    scene
        .lab
        .db
        .psql(&format!("update peerage.node set manager = '{}'", wire.address));
    scene.reaches("the service has moved", || {
        wire.take().iter().any(|action| action == "Login")
    });

    let numbers: Vec<String> = (0..50).map(|_| scene.add_agent()).collect();
    for number in &numbers {
        scene.prime(number);
    }
    let mut load = Load::start(scene.lab.udp(), &numbers, 20, 100_000);
    let begun = Instant::now();
    let lines = (0..agents).map(|n| {
        Ok(ImportRow {
            line: n + 1,
            row: NewAgent::new(
                format!("{}", 1_000_000 + n).parse().unwrap(),
                "Ada King".parse().unwrap(),
            ),
            secret: SECRET.parse().unwrap(),
        })
    });
    wire.take();
    assert_eq!(scene.store.import_agents(lines, Mode::Commit).unwrap(), agents);
    let imported = begun.elapsed();
    scene
        .lab
        .db
        .psql("update peerage.sip_account set context = 'after-import' where number < '2000'");
    let begun = Instant::now();
    for number in &numbers {
        scene.reaches("what changed after the import", || {
            scene.context(number) == "after-import"
        });
    }
    assert!(scene.knows("1000001"));
    let coherent = begun.elapsed();
    assert!(load.goes_on());
    let registrations = load.stop();
    let mut actions: BTreeMap<String, usize> = BTreeMap::new();
    for action in wire.take() {
        *actions.entry(action).or_default() += 1;
    }
    eprintln!(
        "{}: {agents} imported in {imported:?} while {registrations:?}; all 50 said to be coherent after {coherent:?}; \
         actions {actions:?}",
        stack.name
    );
    assert_eq!(registrations.failed, 0);
    assert!(actions.values().sum::<usize>() < MOST_ACTIONS, "{actions:?}");
}

#[test]
fn an_import_of_100_000_does_not_flood_a_pjsip_node_nor_stop_its_registrations() {
    import_beside(PJSIP_22, 100_000);
}

#[test]
fn an_import_does_not_flood_a_chan_sip_node_nor_stop_its_registrations() {
    import_beside(CHAN_SIP_16, 10_000);
}
