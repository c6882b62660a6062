//! The lists of agents and telephones.

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
    ] {
        session.quietly(line);
    }
    session
}

#[test]
fn agents_are_listed_with_state_and_place() {
    let mut session = busy();
    run_all(&mut session, &[("agent list", 0), ("agent list --format csv", 0)]);
    insta::assert_snapshot!(session.transcript());
    let agents = session.quietly("agent list --format json").json();
    let states: Vec<_> = agents.as_array().unwrap().iter().map(|agent| &agent["state"]).collect();
    assert_eq!(states, ["available", "paused", "partly_paused", "offline"]);
    assert_eq!(agents[0]["session"]["telephone"], "2001");
    assert_eq!(agents[1]["state_reason"], "pause");
    assert_eq!(agents[2]["session"]["pauses"][0]["queue"], "sales");
    assert_eq!(agents[3]["session"], serde_json::Value::Null);
    assert_eq!(agents[3]["full_name"], "Di Fox");
}

#[test]
fn telephones_are_listed_with_who_is_on_them_and_whether_they_are_offered() {
    let mut session = busy();
    run_all(&mut session, &[("phone list", 0), ("phone list --format csv", 0)]);
    insta::assert_snapshot!(session.transcript());
    let phones = session.quietly("phone list --format json").json();
    let of = |field: &str| -> Vec<serde_json::Value> {
        phones
            .as_array()
            .unwrap()
            .iter()
            .map(|phone| phone[field].clone())
            .collect()
    };
    assert_eq!(of("offered"), [false, false, false, true, true, true]);
    assert_eq!(of("registered"), [true, false, false, true, false, false]);
    assert_eq!(of("not_offered")[..3], ["in use", "not registered", "disabled"]);
    assert_eq!(phones[0]["used_by"]["agent"], "1001");
    assert_eq!(phones[0]["used_by"]["interface"], "PJSIP/2001");
    assert!(phones[0]["used_by"]["since"].is_string(), "{phones}");
    assert!(phones[1]["used_by"].is_null(), "{phones}");
    session
        .db()
        .psql("update peerage.sip_contact set expiration_time = expiration_time - 1200");
    let phones = session.quietly("phone list --format json").json();
    assert_eq!(phones[3]["registered"], false);
    assert!(
        phones[3]["not_offered"]
            .as_str()
            .unwrap()
            .starts_with("not registered since "),
        "{phones}"
    );
}

#[test]
fn an_agent_on_a_telephone_by_the_phone_field_has_it_too() {
    let session = Session::new();
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("agent add 1001 --name 'Ada King' --phone 2001");
    session.quietly("agent login 1001 --interface phone");
    let phones = session.quietly("phone list --format json").json();
    assert_eq!(phones[0]["used_by"]["name"], "Ada King");
    assert_eq!(phones[0]["offered"], false);
}
