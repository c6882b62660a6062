//! Calls that the service has seen: what lists say of them, and idle time.

use jiff::{SignedDuration, Timestamp};
use peerage_model::{Choice, DisplayState, NodeName};
use peerage_store::{AgentCall, AgentNow, BoardFilter};

use super::support::{Centre, t};

/// Ada at work, since an hour ago, and her telephone there.
fn at_work() -> (Centre, NodeName) {
    let centre = Centre::new();
    drop(centre.node("pbx1"));
    centre.register("1001", None);
    centre.log_in("1001", Choice::Internal).unwrap();
    (centre, t("pbx1"))
}

fn call(call: Option<(bool, Timestamp)>, ended_at: Option<Timestamp>) -> [AgentCall; 1] {
    [AgentCall {
        agent: t("1001"),
        call,
        ended_at,
    }]
}

/// As the list has it, and as the board has it, which is the same.
fn now(centre: &Centre) -> AgentNow {
    let number = t("1001");
    let listed = centre.store.agents_now(&[&number]).unwrap().remove(&number).unwrap();
    let board = centre.store.board(&BoardFilter::default()).unwrap();
    let on_board = board.agents.into_iter().find(|agent| agent.number == number).unwrap();
    assert_eq!(on_board.now, listed);
    listed
}

/// Whole microseconds, as the database keeps them.
fn ago(seconds: i64) -> Timestamp {
    let whole = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
    whole - SignedDuration::from_secs(seconds)
}

#[test]
fn a_call_stands_in_front_of_the_state_while_its_node_is_led() {
    let (centre, pbx1) = at_work();
    let lease = centre.lease("pbx1");
    assert_eq!(now(&centre).call, None);
    let since = ago(60);
    for (is_up, state) in [(false, DisplayState::Ringing), (true, DisplayState::OnCall)] {
        let seen = call(Some((is_up, since)), None);
        assert!(centre.store.see_calls(&pbx1, &lease, &seen, false).unwrap());
        let seen = now(&centre);
        assert_eq!(seen.state, DisplayState::Available);
        let seen = seen.with_call();
        assert_eq!((seen.state, seen.since), (state, Some(since)));
    }
    // Nobody looks any more: it may have ended long ago.
    centre.exec("update peerage.node_lease set expires_at = now() - interval '1 s'");
    assert_eq!(now(&centre).call, None);
    assert!(!centre.store.see_calls(&pbx1, &lease, &[], true).unwrap());
}

#[test]
fn idle_time_counts_from_the_last_call_that_was_up() {
    let (centre, pbx1) = at_work();
    let lease = centre.lease("pbx1");
    centre.exec("update peerage.agent_state set began_at = began_at - interval '1 hour' where ended_at is null");
    let before = now(&centre).since.unwrap();
    // One that only rang does not count.
    centre
        .store
        .see_calls(&pbx1, &lease, &call(Some((false, ago(50))), None), false)
        .unwrap();
    centre.store.see_calls(&pbx1, &lease, &call(None, None), false).unwrap();
    assert_eq!(now(&centre).since, Some(before));
    let ended = ago(30);
    centre
        .store
        .see_calls(&pbx1, &lease, &call(Some((true, ago(40))), None), false)
        .unwrap();
    centre
        .store
        .see_calls(&pbx1, &lease, &call(None, Some(ended)), false)
        .unwrap();
    assert_eq!(now(&centre).since, Some(ended));
    // Also while nobody leads the node, and never earlier than was known.
    centre
        .store
        .see_calls(&pbx1, &lease, &call(None, Some(ago(100))), false)
        .unwrap();
    centre.exec("update peerage.node_lease set expires_at = now() - interval '1 s'");
    assert_eq!(now(&centre).since, Some(ended));
    // A pause counts from its own beginning.
    centre.pause("1001", &peerage_model::PauseRequest::default()).unwrap();
    assert!(now(&centre).since.unwrap() > ended);
}

#[test]
fn whoever_has_no_call_any_more_when_all_are_told_has_ended_it() {
    let (centre, pbx1) = at_work();
    let lease = centre.lease("pbx1");
    centre
        .store
        .see_calls(&pbx1, &lease, &call(Some((true, ago(40))), None), false)
        .unwrap();
    let nobodys = [AgentCall {
        agent: t("99999"),
        call: Some((true, ago(1))),
        ended_at: None,
    }];
    assert!(centre.store.see_calls(&pbx1, &lease, &nobodys, true).unwrap());
    let seen = now(&centre);
    assert_eq!(seen.call, None);
    assert!(seen.since.unwrap() > ago(30));
    assert_eq!(centre.sql("select count(*) from peerage.agent_call"), "1");
}
