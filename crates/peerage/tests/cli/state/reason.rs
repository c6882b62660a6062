//! Reasons for pauses.

use super::run_all;
use crate::session::Session;

#[test]
fn a_reason_is_added_listed_changed_and_removed() {
    let mut session = Session::new();
    run_all(
        &mut session,
        &[
            ("pause-reason list", 0),
            (
                "pause-reason add lunch --label 'Lunch, at last' --max-seconds 3600 --default",
                0,
            ),
            ("pause-reason add training --productive --no-selectable", 0),
            ("pause-reason list", 0),
            ("pause-reason set lunch --max-seconds '' --no-default", 0),
            ("pause-reason set lunch --no-default", 0),
            (
                "pause-reason set training --selectable --no-productive --label Training",
                0,
            ),
            ("pause-reason list --format csv", 0),
            ("pause-reason remove lunch", 0),
            ("pause-reason remove training --quiet", 0),
            ("pause-reason list --format json", 0),
        ],
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("pause-reason add lunch");
    run_all(
        &mut session,
        &[
            ("pause-reason add lunch", 1),
            ("pause-reason add 'a b'", 2),
            ("pause-reason add tea --label ''", 2),
            ("pause-reason add tea --max-seconds 0", 2),
            ("pause-reason add tea --max-seconds soon", 2),
            ("pause-reason add tea --max-seconds 86401", 2),
            ("pause-reason add tea --no-selectable --default", 2),
            ("pause-reason add login", 1),
            ("pause-reason set tea --label Tea", 1),
            ("pause-reason set after-call --label Later", 1),
            ("pause-reason remove after-call", 1),
            ("pause-reason remove tea", 1),
        ],
    );
    insta::assert_snapshot!(session.transcript());
    let codes = session
        .db()
        .psql("select string_agg(code, ' ' order by id) from peerage.pause_reason where not system");
    assert_eq!(codes, "pause lunch");
}
