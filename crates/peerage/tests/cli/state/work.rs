//! Login, move, logout, release.

use super::{register, run_all, told};
use crate::session::Session;

#[test]
fn an_agent_is_logged_in_moved_and_logged_out() {
    let mut session = Session::new();
    for line in [
        "agent add 1001 --name 'Ada King' --phone 1009 --mobile 0655512",
        "queue add sales",
        "queue add support",
        "queue assign sales 1001",
        "queue assign support 1001 --penalty 5",
    ] {
        session.quietly(line);
    }
    run_all(
        &mut session,
        &[
            ("agent login 1001", 0),
            ("agent login 1001", 0),
            ("agent login 1001 --interface internal", 0),
            ("agent login 1001 --format json", 0),
            ("agent move 1001 --interface mobile", 0),
            ("agent move 1001 --interface mobile --format csv", 0),
            ("agent move 1001 --interface phone --format json", 0),
            ("agent logout 1001 --reason 'left without logging out'", 0),
            ("agent logout 1001", 0),
            ("agent logout 1001 --format json", 0),
            ("agent logout 1001 --format csv --quiet", 0),
            ("agent login 1001 --interface phone --quiet", 0),
        ],
    );
    insta::assert_snapshot!(told(&session));
    assert_eq!(
        session
            .db()
            .psql("select interface from report.agents_now where agent = '1001'"),
        "Local/1009@peerage-outbound/n"
    );
}

#[test]
fn a_phone_field_that_names_an_account_rings_that_account() {
    let session = Session::new();
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("agent add 1001 --name 'Ada King' --phone 2001");
    let now = session
        .quietly("agent login 1001 --interface phone --format json")
        .json();
    assert_eq!(now["session"]["interface"], "PJSIP/2001");
    assert_eq!(now["session"]["kind"], "phone");
}

#[test]
fn an_agent_with_hot_desk_takes_telephones() {
    let mut session = Session::new();
    session.squeeze();
    for line in [
        "agent add 1001 --name 'Ada King' --hot-desk",
        "agent add 1002 --name 'Bo Li' --hot-desk",
        "agent add 1003 --name 'Cy Day' --hot-desk",
        "phone add 2001 --name 'Desk 1'",
        "phone add 2002 --name 'Desk 2'",
    ] {
        session.quietly(line);
    }
    run_all(
        &mut session,
        &[
            ("agent login 1001 --phone 2001", 0),
            ("agent login 1001 --phone 2001", 0),
            ("agent login 1002 --phone 2001", 1),
            ("agent login 1002 --phone 2001 --take-over", 1),
            ("agent login 1002 --phone 2001 --force", 1),
            ("agent login 1002 --phone 2001 --force --reason 'Ada has gone home'", 0),
            ("agent login 1001 --phone 2002", 0),
            ("site set default --conflict-policy take_over", 0),
            ("agent login 1003 --phone 2002", 1),
            ("agent login 1003 --phone 2002 --take-over", 0),
            ("agent move 1003 --phone 2001", 1),
            ("agent move 1003 --phone 2001 --take-over", 0),
            ("agent move 1003 --phone 2001", 0),
            ("phone list", 0),
            ("phone release 2001", 1),
            ("phone release 2001 --reason 'desk needed'", 0),
            ("phone release 2001 --reason 'desk needed'", 0),
            ("phone release 2001", 0),
            ("phone release 2001 --format json", 0),
            ("phone release 2001 --format csv", 0),
            ("phone release 2009 --reason x", 1),
            ("phone release 1001 --reason x", 1),
        ],
    );
    insta::assert_snapshot!(told(&session));
    let ends = session.db().psql(
        "select string_agg(agent_number || ' ' || end_cause || ' ' || coalesce(end_reason, ''), '; ' order by id)
         from peerage.agent_session
         where ended_at is not null",
    );
    assert_eq!(
        ends,
        "1001 admin Ada has gone home; 1002 take_over ; 1001 take_over ; 1003 admin desk needed"
    );
}

#[test]
fn whoever_is_released_is_named() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King' --hot-desk");
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("agent login 1001 --phone 2001");
    let released = session.quietly("phone release 2001 --reason x --format json").json();
    assert_eq!(
        released,
        serde_json::json!({"phone": "2001", "changed": true, "agent": "1001", "name": "Ada King"})
    );
    session.quietly("agent login 1001 --phone 2001");
    let released = session.quietly("phone release 2001 --reason x --format csv").csv();
    assert_eq!(released, [["number", "changed", "agent"], ["2001", "yes", "1001"]]);
}

#[test]
fn what_an_agent_is_forbidden_does_not_bind_the_command() {
    let session = Session::new();
    for line in [
        "queue add sales",
        "phone add 2001 --name 'Desk 1'",
        "phone add 2002 --name 'Desk 2'",
        "agent add 1001 --name 'Ada King' --mobile 0655512 --forbid all",
        "agent add 1002 --name 'Bo Li' --hot-desk --forbid all",
        "queue assign sales 1001",
        "agent login 1001 --interface mobile",
        "agent move 1001 --interface internal",
        "agent pause 1001 --queue sales",
        "agent unpause 1001 --queue sales",
        "agent logout 1001 --after-call",
        "agent logout 1001",
        "agent history 1001",
        "agent login 1002 --phone 2001",
        "agent move 1002 --phone 2002",
        "agent logout 1002",
    ] {
        session.quietly(line);
    }
}

#[test]
fn a_change_is_recorded_under_the_name_of_who_made_it() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("agent login 1001");
    session.quietly("agent logout 1001");
    let by = session
        .db()
        .psql("select begun_by || ' ' || ended_by || ' ' || end_cause from peerage.agent_session");
    let operator = crate::redact::operator();
    assert_eq!(by, format!("cli:{operator} cli:{operator} admin"));
}

#[test]
fn a_registered_telephone_is_taken_rather_than_one_that_is_not() {
    let mut session = Session::new();
    session.squeeze();
    for line in [
        "agent add 1001 --name 'Ada King' --hot-desk",
        "phone add 2001 --name 'Desk 1'",
        "phone add 2002 --name 'Desk 2'",
    ] {
        session.quietly(line);
    }
    register(&session, "2002");
    run_all(
        &mut session,
        &[
            ("agent login 1001 --phone 2001", 1),
            ("agent login 1001", 1),
            ("agent login 1001 --phone 2002", 0),
        ],
    );
    insta::assert_snapshot!(told(&session));
}
