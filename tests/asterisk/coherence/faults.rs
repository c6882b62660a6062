//! The link to Asterisk, or the service, is away while something changes.

use peerage_store::VoicePatch;

use super::scene::Scene;
use crate::traffic::stack::{STACKS, on_stacks};

fn context(context: &str) -> VoicePatch {
    VoicePatch {
        context: Some(context.parse().unwrap()),
        ..VoicePatch::default()
    }
}

#[test]
fn a_change_while_the_link_is_cut_reaches_asterisk_when_it_is_back() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.link.refuse();
        scene.link.cut();
        scene.prime(&number);
        scene.set_voice(&number, context("while-cut"));
        assert_eq!(scene.context(&number), "from-sip");
        scene.link.pass();
        scene.reaches("what changed meanwhile", || scene.context(&number) == "while-cut");
        scene.set_voice(&number, context("afterwards"));
        scene.reaches("what changed since", || scene.context(&number) == "afterwards");
    });
}

#[test]
fn a_change_while_the_network_stalls_reaches_asterisk_when_it_flows_or_the_link_is_made_anew() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let numbers = [scene.add_agent(), scene.add_agent()];
        for number in &numbers {
            scene.prime(number);
        }
        scene.link.stall();
        scene.set_voice(&numbers[0], context("while-stalled"));
        scene.link.pass();
        scene.reaches("what was held", || scene.context(&numbers[0]) == "while-stalled");

        scene.link.stall();
        scene.set_voice(&numbers[1], context("while-stalled"));
        // What is held is lost: nobody knows whether Asterisk did it.
        scene.link.cut();
        scene.link.pass();
        scene.reaches("what was lost", || scene.context(&numbers[1]) == "while-stalled");
    });
}

#[test]
fn what_changes_while_the_service_is_down_reaches_asterisk_at_its_start() {
    on_stacks(&STACKS, |stack| {
        let mut scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.stop_service();
        scene.prime(&number);
        scene.set_voice(&number, context("while-down"));
        assert_eq!(scene.context(&number), "from-sip");
        scene.start_service();
        scene.reaches("what changed meanwhile", || scene.context(&number) == "while-down");
    });
}

#[test]
fn a_lost_connection_to_the_database_loses_no_change() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        // The change and the end of the listener's session are one moment: it cannot hear of it.
        scene.lab.db.psql(&format!(
            "begin;
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_listening_channels%';
            update peerage.sip_account set context = 'unheard' where number = '{number}';
            commit"
        ));
        scene.reaches("what nobody told", || scene.context(&number) == "unheard");
    });
}
