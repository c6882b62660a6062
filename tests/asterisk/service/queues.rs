//! What is said of queues is what Asterisk does: strategy, penalty, the rest after a call, and the log of several nodes.

use peerage_model::{Choice, MoveRequest, Number, OnConflict};
use peerage_store::{LoggedAs, QueuePatch};
use peerage_testkit::asterisk::Version;

use super::stage::Stage;
use crate::queue::people::{device, myself};
use crate::queue::versions::on_versions;

fn strategy(strategy: &str) -> QueuePatch {
    QueuePatch {
        strategy: Some(strategy.to_owned()),
        ..QueuePatch::default()
    }
}

#[test]
fn what_a_strategy_needs_is_said_and_what_asterisk_has_not_taken_over_is_drift() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let drift = || stage.metric(&format!("peerage_drift{{node=\"{}\"}}", centre.node));
        let queue = centre.queue(strategy("ringall"));
        let _agent = centre.logged_in(&[&queue]);
        let rings = |word: &str| {
            centre
                .cli(&format!("queue show {queue}"))
                .contains(&format!("in '{word}' strategy"))
        };
        assert!(rings("ringall"));
        let mut before = "ringall".to_owned();
        for wanted in ["rrmemory", "linear", "fewestcalls", "rrordered", "random"] {
            let needed = centre.store.queue(&queue).unwrap().needs_restart(&strategy(wanted));
            assert!(centre.store.set_queue(&queue, &strategy(wanted)).unwrap());
            if wanted == "linear" {
                centre.wait("it is drift", || drift() == Some(1.0));
                assert!(
                    rings(&before),
                    "{wanted}: {}",
                    centre.cli(&format!("queue show {queue}"))
                );
            } else {
                centre.wait("it is so at once", || rings(wanted));
                wanted.clone_into(&mut before);
                centre.wait("nothing differs", || drift() == Some(0.0));
            }
            // Of rrordered Asterisk says that it is so, and goes on to keep the members in the order it has.
            assert_eq!(
                needed.is_some_and(|said| said.contains("until it is restarted")),
                matches!(wanted, "linear" | "rrordered")
            );
        }
    });
}

#[test]
fn a_penalty_set_in_asterisk_is_in_force_shown_and_can_be_set_back() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        assert!(!centre.cli(&format!("queue show {queue}")).contains("with penalty"));
        centre.cli(&format!("queue set penalty 7 on PJSIP/{agent} in {queue}"));
        let shown = || centre.store.queue(&queue).unwrap().agents[0].penalty;
        centre.wait("it is shown", || shown() == 7);
        assert!(centre.cli(&format!("queue show {queue}")).contains("with penalty 7"));
        assert!(centre.store.assign(&queue, &agent, 0.try_into().unwrap()).unwrap());
        assert_eq!(shown(), 0);
        assert!(!centre.cli(&format!("queue show {queue}")).contains("with penalty"));
    });
}

fn to(choice: Choice) -> MoveRequest {
    MoveRequest {
        choice,
        on_conflict: OnConflict::default(),
    }
}

#[test]
fn a_move_in_the_rest_after_a_call_keeps_what_is_left_of_it() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let wrapup = QueuePatch {
            wrapup_seconds: Some(12),
            ..QueuePatch::default()
        };
        let queue = centre.queue(wrapup);
        let agent = centre.agent_with(&[&queue], |agent| agent.profile.hot_desk = true);
        let desks = [centre.telephone(), centre.telephone()];
        let phones = desks.each_ref().map(|desk| centre.online(&device(desk), desk));
        let at = |desk: &Number| Choice::Telephone(desk.clone());
        let login = peerage_model::LoginRequest {
            choice: Some(at(&desks[0])),
            ..Default::default()
        };
        assert!(centre.store.log_in(&agent, &login, &myself(&agent)).unwrap());
        centre.call(&queue).assert_code(200);
        let ended = || {
            centre.sql(&format!(
                "select count(*) from peerage.queue_log where queuename = '{queue}' and event like 'COMPLETE%'"
            ))
        };
        centre.wait("the call has ended", || ended() == "1");
        assert!(
            centre
                .store
                .move_agent(&agent, &to(at(&desks[1])), &myself(&agent))
                .unwrap()
        );
        let caller = centre.dial(&queue);
        caller.wait_for_answer();
        assert_eq!(phones.each_ref().map(|phone| phone.calls().unwrap()), [1, 1]);
        // By the clock of the log: from the end of the one to the answer of the other.
        let rest = centre.sql(&format!(
            "select max(time) filter (where event = 'CONNECT') - max(time) filter (where event like 'COMPLETE%') > interval '11.5 seconds'
             from peerage.queue_log where queuename = '{queue}'"
        ));
        assert_eq!(rest, "t");
        caller.hang_up(centre);
    });
}

#[test]
fn with_two_nodes_each_login_pause_and_resume_is_one_line_and_calls_of_both_are_in_the_file() {
    let stage = Stage::start(Version::V22).beside(Version::V16);
    let (centre, other) = (&stage.centre, stage.other());
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    for node in [centre, other] {
        centre.wait("it knows the member", || {
            node.cli(&format!("queue show {queue}")).contains(agent.as_str())
        });
    }
    centre.pause(&agent, None);
    for node in [centre, other] {
        centre.wait("it is paused there", || {
            node.cli(&format!("queue show {queue}")).contains("(paused")
        });
    }
    centre.unpause(&agent, None);
    for node in [centre, other] {
        centre.wait("it is paused there no more", || {
            !node.cli(&format!("queue show {queue}")).contains("(paused")
        });
    }
    let _phone = centre.online(&device(&agent), &agent);
    centre.call(&queue).assert_code(200);
    centre.log_out(&agent);
    for node in [centre, other] {
        centre.wait("it knows nobody", || {
            !node.cli(&format!("queue show {queue}")).contains(agent.as_str())
        });
    }
    centre.wait("the call is in the log", || {
        centre.sql("select count(*) from peerage.queue_log where event = 'COMPLETECALLER'") == "1"
    });
    let lines = centre
        .store
        .queue_log((jiff::Timestamp::UNIX_EPOCH, 0), None, 1000, LoggedAs::Code)
        .unwrap();
    let events: Vec<String> = lines
        .iter()
        .map(|line| line.text.split('|').collect::<Vec<_>>())
        .filter(|fields| fields[3] == format!("Agent/{agent}"))
        .map(|fields| fields[4].to_owned())
        .collect();
    let expected = [
        "AGENTCALLBACKLOGIN",
        "ADDMEMBER",
        "PAUSE",
        "UNPAUSE",
        "CONNECT",
        "COMPLETECALLER",
        "AGENTCALLBACKLOGOFF",
        "REMOVEMEMBER",
    ];
    assert_eq!(events, expected, "{lines:#?}");
}
