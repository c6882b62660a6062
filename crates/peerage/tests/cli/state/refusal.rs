//! What cannot be, each with its reason.

use super::{register, run_all, told};
use crate::session::Session;

#[test]
fn where_an_agent_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.squeeze();
    for line in [
        "site add rome",
        "agent add 1001 --name 'Ada King'",
        "agent add 1002 --name 'Bo Li' --phone 1001",
        "agent add 1003 --name 'Cy Day' --phone bo.li --mobile 0655512",
        "agent add 1004 --name 'Di Fox' --hot-desk",
        "agent add 1005 --name 'Ed Moe' --disabled",
        "agent add 1006 --name 'Fay Orr' --phone 1005 --mobile 0655512",
        "phone add 2001 --name 'Desk 1'",
        "phone add 2002 --name 'Desk 2' --disabled",
        "phone add 2003 --name 'Desk 3' --site rome",
        "phone add 2004 --name 'Desk 4'",
        "agent login 1001",
        "agent login 1003 --interface mobile",
    ] {
        session.quietly(line);
    }
    register(&session, "2004");
    run_all(
        &mut session,
        &[
            ("agent login 1001 --interface mobile", 1),
            ("agent login 1002 --interface phone", 1),
            ("agent login 1002 --interface mobile", 1),
            ("agent move 1003 --interface phone", 1),
            ("agent login 1002 --phone 2001", 1),
            ("agent move 1002 --interface internal", 1),
            ("agent login 1004", 1),
            ("agent login 1004 --interface internal", 1),
            ("agent login 1004 --phone 2001", 1),
            ("agent login 1004 --phone 2002", 1),
            ("agent login 1004 --phone 2003", 1),
            ("agent login 1004 --phone 2009", 1),
            ("agent login 1005", 1),
            ("agent login 1006 --interface phone", 1),
            ("agent login 1006 --interface mobile --take-over", 1),
            ("agent login 1006 --interface mobile --force", 1),
            ("agent login 1009", 1),
            ("agent login 2001", 1),
            ("agent move 1009 --interface phone", 1),
            ("agent logout 1009", 1),
            ("agent login 1009 --format json", 1),
        ],
    );
    insta::assert_snapshot!(told(&session));
    assert_eq!(
        session
            .db()
            .psql("select count(*) from peerage.agent_session where ended_at is null"),
        "2"
    );
}

#[test]
fn a_pause_that_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    for line in [
        "agent add 1001 --name 'Ada King'",
        "agent add 1002 --name 'Bo Li'",
        "queue add sales",
        "queue add support",
        "queue assign sales 1001",
        "agent login 1001",
    ] {
        session.quietly(line);
    }
    run_all(
        &mut session,
        &[
            ("agent pause 1002", 1),
            ("agent unpause 1002", 1),
            ("agent pause 1001 --reason lunch", 1),
            ("agent pause 1001 --queue support", 1),
            ("agent unpause 1001 --queue nowhere", 1),
            ("agent pause 1009", 1),
            ("agent unpause 1009", 1),
        ],
    );
    insta::assert_snapshot!(told(&session));
}

#[test]
fn what_is_written_wrongly_is_an_error_of_usage() {
    let mut session = Session::without_database();
    run_all(
        &mut session,
        &[
            ("agent login", 2),
            ("agent login 1001 --interface hot_desk", 2),
            ("agent login 1001 --interface phone --phone 2001", 2),
            ("agent login 1001 --phone 2_1", 2),
            ("agent login 1001 --phone 2001 --take-over --force --reason x", 2),
            ("agent login 1001 --phone 2001 --reason x", 2),
            ("agent move 1001", 2),
            ("agent move 1001 --take-over", 2),
            ("agent logout 1001 --reason ' x'", 2),
            ("agent pause 1001 --reason 'a b'", 2),
            ("agent pause 1001 --queue 'a b'", 2),
            ("agent unpause 1001 --reason lunch", 2),
            ("phone release 2001 --reason ''", 2),
            ("agent history 1001 --day 2026-02-30", 2),
            ("agent history 1001 --from yesterday", 2),
            ("agent history 1001 --day 2026-01-31 --to 2026-01-31T08:00", 2),
        ],
    );
    insta::assert_snapshot!(session.transcript());
}
