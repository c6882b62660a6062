//! Pause, unpause, and the logout after the call, which pauses.

use super::{run_all, told};
use crate::session::Session;

fn at_work() -> Session {
    let mut session = Session::new();
    session.squeeze();
    for line in [
        "agent add 1001 --name 'Ada King'",
        "queue add sales",
        "queue add support",
        "queue assign sales 1001",
        "queue assign support 1001",
        "pause-reason add lunch --label Lunch",
        "agent login 1001",
    ] {
        session.quietly(line);
    }
    session
}

#[test]
fn an_agent_is_paused_and_unpaused() {
    let mut session = at_work();
    run_all(
        &mut session,
        &[
            ("agent pause 1001 --reason lunch", 0),
            ("agent pause 1001 --reason lunch", 0),
            ("agent pause 1001", 0),
            ("agent pause 1001 --reason pause --format json", 0),
            ("agent unpause 1001 --queue sales", 0),
            ("agent unpause 1001 --queue sales", 0),
            ("agent pause 1001 --queue sales --reason lunch", 0),
            ("agent pause 1001 --queue sales --reason lunch --format csv", 0),
            ("agent unpause 1001", 0),
            ("agent unpause 1001", 0),
            ("agent unpause 1001 --format csv --quiet", 0),
        ],
    );
    insta::assert_snapshot!(told(&session));
}

#[test]
fn a_logout_after_the_call_pauses_and_can_be_withdrawn() {
    let mut session = at_work();
    run_all(
        &mut session,
        &[
            ("agent logout 1001 --after-call --reason 'end of shift'", 0),
            ("agent logout 1001 --after-call", 0),
            ("agent logout 1001 --after-call --format json", 0),
            ("agent unpause 1001", 0),
            ("agent logout 1001 --after-call", 0),
            ("agent logout 1001", 0),
            ("agent logout 1001 --after-call", 0),
        ],
    );
    insta::assert_snapshot!(told(&session));
}

#[test]
fn an_agent_who_begins_paused_is_said_to_be() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King' --login-in-pause");
    let now = session.quietly("agent login 1001 --format json").json();
    assert_eq!(now["state"], "paused");
    assert_eq!(now["state_reason"], "login");
    assert_eq!(now["session"]["queues"], serde_json::json!([]));
}

#[test]
fn a_reason_that_agents_are_not_offered_can_be_given_for_them() {
    let session = at_work();
    let now = session
        .quietly("agent pause 1001 --reason connection-lost --format json")
        .json();
    assert_eq!(now["state_reason"], "connection-lost");
    assert_eq!(now["session"]["pauses"][0]["forced"], true);
}
