//! Queues and who is in them.

use super::run_all;
use crate::session::Session;

#[test]
fn a_queue_is_added_listed_shown_changed_and_removed() {
    let mut session = Session::new();
    run_all(
        &mut session,
        &[
            ("queue list", 0),
            ("queue add sales", 0),
            (
                "queue add support --description 'Help and repairs' --strategy rrmemory --timeout 20 --retry 3 --wrapup 10 \
                 --max-length 50 --weight 2 --service-level 30 --ring-in-use --autopause all --join-empty paused,unavailable \
                 --leave-when-empty strict --music-class jazz --option announce_frequency=60 --option autofill=yes",
                0,
            ),
            ("queue list", 0),
            ("queue list --format csv", 0),
            ("queue show support", 0),
            ("queue show support --format json", 0),
            ("queue show sales --format csv", 0),
            (
                "queue set support --description '' --music-class '' --no-ring-in-use --option announce_frequency=",
                0,
            ),
            ("queue set support --option autofill=yes", 0),
            ("queue set support --name help", 0),
            ("queue show help", 0),
            ("queue remove help", 0),
            ("queue remove sales --quiet", 0),
            ("queue list --format json", 0),
        ],
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn agents_are_assigned_and_taken_out() {
    let mut session = Session::new();
    for line in [
        "queue add sales",
        "agent add 1001 --name 'Ada King'",
        "agent add 1002 --name 'Bo Li'",
        "agent login 1001",
    ] {
        session.quietly(line);
    }
    run_all(
        &mut session,
        &[
            ("queue assign sales 1001", 0),
            ("queue assign sales 1001", 0),
            ("queue assign sales 1001 --penalty 5", 0),
            ("queue assign sales 1002", 0),
            ("agent pause 1001 --quiet --format csv", 0),
            ("queue show sales", 0),
            ("queue list --format csv", 0),
            ("queue unassign sales 1001", 0),
            ("queue unassign sales 1001", 0),
            ("queue show sales --format json", 0),
        ],
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("queue add sales");
    session.quietly("queue add support");
    session.quietly("agent add 1001 --name 'Ada King'");
    run_all(
        &mut session,
        &[
            ("queue add sales", 1),
            ("queue add 'a b'", 2),
            ("queue add peerage-probe", 2),
            ("queue add night --strategy roundrobin", 2),
            ("queue add night --timeout soon", 2),
            ("queue add night --timeout -1", 2),
            ("queue add night --retry 0", 2),
            ("queue add night --weight 1001", 2),
            ("queue add night --join-empty 'a b'", 2),
            ("queue add night --music-class 'a b'", 2),
            ("queue add night --option autofill", 2),
            ("queue add night --option shout=yes", 2),
            ("queue set sales --name support", 1),
            ("queue set night --weight 1", 1),
            ("queue show night", 1),
            ("queue remove night", 1),
            ("queue assign sales", 2),
            ("queue assign night 1001", 1),
            ("queue assign sales 1009", 1),
            ("queue assign sales 1001 --penalty 1001", 2),
            ("queue assign sales 1001 --penalty -1", 2),
            ("queue unassign night 1001", 1),
            ("queue unassign sales 1009", 1),
        ],
    );
    insta::assert_snapshot!(session.transcript());
    assert_eq!(session.db().psql("select count(*) from peerage.queue"), "2");
}

#[test]
fn the_last_of_two_values_of_an_option_counts() {
    let session = Session::new();
    session.quietly("queue add sales --option autofill=yes --option autofill=no --ring-in-use --no-ring-in-use");
    let queue = session.quietly("queue show sales --format json").json();
    assert_eq!(queue["options"], serde_json::json!({"autofill": "no"}));
    assert_eq!(queue["ring_in_use"], false);
}
