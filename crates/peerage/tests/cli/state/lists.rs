//! What lists and `show` say of the state of agents and telephones.

use serde_json::Value;

use super::{register, run_all};
use crate::session::Session;

fn busy() -> Session {
    let mut session = Session::new();
    session.squeeze();
    for line in [
        "site add rome",
        "queue add sales",
        "queue add support",
        "agent add 1001 --name 'Ada King' --hot-desk",
        "agent add 1002 --name 'Bo Li' --mobile 0655512",
        "agent add 1003 --name 'Cy Day'",
        "agent add 1004 --name 'Di Fox'",
        "agent add 1005 --name 'Ed Moe'",
        "queue assign sales 1003",
        "queue assign support 1003",
        "phone add 2001 --name 'Desk 1'",
        "phone add 2002 --name 'Desk 2'",
        "phone add 2003 --name 'Desk 3' --disabled",
        "phone add 2004 --name 'Desk 4'",
        "phone add 2005 --name 'Front door' --host 10.0.0.7",
        "phone add 2006 --name 'Hall' --site rome",
    ] {
        session.quietly(line);
    }
    register(&session, "2001");
    register(&session, "2004");
    for line in [
        "agent login 1001 --phone 2001",
        "agent login 1002 --interface mobile",
        "agent pause 1002 --reason pause",
        "agent login 1003",
        "agent pause 1003 --queue sales",
        "agent login 1005",
    ] {
        session.quietly(line);
    }
    session
}

/// This field of each that the command lists.
fn listed(session: &Session, line: &str, field: &str) -> Vec<Value> {
    let json = session.quietly(&format!("{line} --format json")).json();
    json.as_array().unwrap().iter().map(|one| one[field].clone()).collect()
}

#[test]
fn agents_are_listed_with_state_and_place() {
    let mut session = busy();
    run_all(
        &mut session,
        &[
            ("agent list", 0),
            ("agent list --format csv", 0),
            ("agent show 1003", 0),
            ("agent show 1004", 0),
        ],
    );
    insta::assert_snapshot!(session.transcript());
    let agents = session.quietly("agent list --format json").json();
    let states = listed(&session, "agent list", "state");
    assert_eq!(
        states,
        ["available", "paused", "partly_paused", "offline", "unreachable"]
    );
    assert_eq!(agents[0]["session"]["telephone"], "2001");
    assert_eq!(agents[1]["state_reason"], "pause");
    assert_eq!(agents[1]["session"]["kind"], "mobile");
    assert_eq!(agents[3]["session"], Value::Null);
    assert_eq!(agents[3]["state_since"], Value::Null);
    assert_eq!(agents[3]["full_name"], "Di Fox");
    let shown = session.quietly("agent show 1003 --format json").json();
    assert_eq!(shown["state"], "partly_paused");
    assert_eq!(shown["session"]["pauses"][0]["queue"], "sales");
    assert_eq!(shown["state_since"], agents[2]["state_since"]);
}

#[test]
fn agents_are_listed_by_state() {
    let session = busy();
    for (flags, numbers) in [
        ("--state available", &["1001"][..]),
        ("--state paused", &["1002"]),
        ("--state paused,partly_paused", &["1002", "1003"]),
        ("--state offline --state unreachable", &["1004", "1005"]),
        ("--logged-in", &["1001", "1002", "1003", "1005"]),
        ("--logged-in --limit 2", &["1001", "1002"]),
        ("--logged-in --limit 1 --after 1003", &["1005"]),
        ("--state offline --limit 1", &["1004"]),
        ("--logged-in --state offline", &[]),
        ("--state available --search bo", &[]),
    ] {
        assert_eq!(
            listed(&session, &format!("agent list {flags}"), "number"),
            numbers,
            "{flags}"
        );
    }
}

#[test]
fn a_limit_counts_those_that_are_meant_however_far_apart_they_are() {
    let session = Session::new();
    session.write(
        "agents.csv",
        &(10000..13000).fold("number,name,secret\n".to_owned(), |file, number| {
            file + &format!("{number},Agent {number},correct-horse\n")
        }),
    );
    session.quietly("import csv agents.csv");
    for number in ["10003", "11500", "12999"] {
        session.quietly(&format!("agent login {number}"));
    }
    let numbers = |limit: u32| listed(&session, &format!("agent list --logged-in --limit {limit}"), "number");
    assert_eq!(numbers(0), [] as [&str; 0]);
    assert_eq!(numbers(1), ["10003"]);
    assert_eq!(numbers(2), ["10003", "11500"]);
    assert_eq!(numbers(9), ["10003", "11500", "12999"]);
    let csv = session.quietly("agent list --state offline --format csv").csv();
    assert_eq!(csv.len(), 1 + 3000 - 3);
}

#[test]
fn one_who_left_is_offline_since_then() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    for _ in 0..2 {
        session.quietly("agent login 1001");
        session.quietly("agent logout 1001");
    }
    let ended = session
        .db()
        .psql("select extract(epoch from max(ended_at))::numeric(20, 6) from peerage.agent_session");
    let since = session.quietly("agent show 1001 --format json").json()["state_since"].clone();
    let since: jiff::Timestamp = since.as_str().unwrap().parse().unwrap();
    assert_eq!(
        format!("{}.{:06}", since.as_second(), since.subsec_nanosecond() / 1000),
        ended
    );
}

#[test]
fn one_whose_device_is_lost_is_unreachable_since_then() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("agent add 1002 --name 'Bo Li' --host 10.0.0.9");
    register(&session, "1001");
    session.quietly("agent login 1001");
    session.quietly("agent login 1002");
    let states = || listed(&session, "agent list", "state");
    assert_eq!(states(), ["available", "available"], "a fixed host need not register");
    session.db().psql(
        "update peerage.agent_state set began_at = began_at - interval '2 hours';
         update peerage.sip_contact set expiration_time = extract(epoch from now())::bigint - 3600",
    );
    assert_eq!(states(), ["unreachable", "available"]);
    let lost = session
        .db()
        .psql("select expiration_time from peerage.sip_contact where aor = '1001'");
    let since = listed(&session, "agent list", "state_since")[0].clone();
    let since: jiff::Timestamp = since.as_str().unwrap().parse().unwrap();
    assert_eq!(since.as_second().to_string(), lost);
    session.quietly("agent pause 1001");
    assert_eq!(states(), ["paused", "available"]);
}

#[test]
fn with_chan_sip_its_registrations_count() {
    let session = Session::new();
    session.quietly("site set default --driver sip");
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("phone add 2002 --name 'Desk 2'");
    // A contact of PJSIP is of no use to chan_sip.
    register(&session, "1001");
    session.quietly("agent login 1001");
    assert_eq!(listed(&session, "agent list", "state"), ["unreachable"]);
    session.db().psql(
        "update asterisk.sipregs
         set ipaddr = '10.0.0.7', port = '5060', regseconds = (extract(epoch from now())::bigint + 600)::text,
           fullcontact = 'sip:' || name || '@10.0.0.7:5060'
         where name in ('1001', '2001')",
    );
    assert_eq!(listed(&session, "agent list", "state"), ["available"]);
    assert_eq!(listed(&session, "phone list", "offered"), [true, false]);
}

#[test]
fn telephones_are_listed_with_who_is_on_them_and_whether_they_are_offered() {
    let mut session = busy();
    run_all(
        &mut session,
        &[
            ("phone list", 0),
            ("phone list --format csv", 0),
            ("phone show 2001", 0),
            ("phone list --free --used", 2),
        ],
    );
    insta::assert_snapshot!(session.transcript());
    assert_eq!(
        listed(&session, "phone list", "offered"),
        [false, false, false, true, true, true]
    );
    assert_eq!(
        listed(&session, "phone list", "registered"),
        [true, false, false, true, false, false]
    );
    assert_eq!(
        listed(&session, "phone list", "not_offered")[..4],
        ["in_use".into(), "not_registered".into(), "disabled".into(), Value::Null]
    );
    let phones = session.quietly("phone list --format json").json();
    assert_eq!(phones[0]["used_by"]["agent"], "1001");
    assert_eq!(phones[0]["used_by"]["interface"], "PJSIP/2001");
    assert!(phones[0]["used_by"]["since"].is_string(), "{phones}");
    assert!(phones[0]["registered_since"].is_string(), "{phones}");
    assert!(phones[1]["used_by"].is_null(), "{phones}");
    for (flags, numbers) in [
        ("--free", &["2002", "2003", "2004", "2005", "2006"][..]),
        ("--used", &["2001"]),
        ("--offered", &["2004", "2005", "2006"]),
        ("--offered --site default --limit 1", &["2004"]),
        ("--free --search desk", &["2002", "2003", "2004"]),
    ] {
        assert_eq!(
            listed(&session, &format!("phone list {flags}"), "number"),
            numbers,
            "{flags}"
        );
    }
    // Those that are lost stay among those that are not: the front door is reached without registering.
    session
        .db()
        .psql("update peerage.sip_contact set expiration_time = expiration_time - 1200");
    let phones = session.quietly("phone list --format json").json();
    assert_eq!(phones[3]["registered"], false);
    assert_eq!(phones[3]["not_offered"], "not_registered");
    assert!(phones[3]["last_seen"].is_string(), "{phones}");
    session.quietly("phone remove 2005");
    let offered = listed(&session, "phone list --site default", "offered");
    assert_eq!(offered, [false, true, false, true], "none is registered any more");
}

#[test]
fn an_agent_on_a_telephone_by_the_phone_field_has_it_too() {
    let session = Session::new();
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("agent add 1001 --name 'Ada King' --phone 2001");
    session.quietly("agent login 1001 --interface phone");
    let phone = session.quietly("phone show 2001 --format json").json();
    assert_eq!(phone["used_by"]["name"], "Ada King");
    assert_eq!(phone["not_offered"], "in_use");
}
