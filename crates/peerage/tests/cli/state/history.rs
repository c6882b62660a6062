//! What was. The history is made by hand, so that its times are the same in each run and nothing need be hidden.

use std::fmt::Write as _;

use crate::session::{Session, finish};

/// On the night in which the clocks of Rome went from 2 to 3 (2024-03-31), and on the day after.
const PAST: &str = "
insert into peerage.agent_session (id, agent_id, agent_number, interface_kind, interface, state_interface, member_name,
  phone_number, begun_by, ended_by, end_cause, end_reason, began_at, ended_at)
overriding system value
select session.id, agent.id, '1001', session.kind, session.interface, session.interface, 'Ada King',
  session.phone, 'ada', session.ended_by, session.cause, session.reason, session.began_at, session.ended_at
from peerage.agent,
  (values
    (9001, 'internal', 'PJSIP/1001', null, 'ada', 'agent', null,
      timestamptz '2024-03-31 00:30:00+00', timestamptz '2024-03-31 04:00:00+00'),
    (9002, 'hot_desk', 'PJSIP/2001', '2001', 'mira', 'supervisor', 'desk needed',
      timestamptz '2024-03-31 20:00:00+00', timestamptz '2024-04-01 06:00:00+00')
  ) as session (id, kind, interface, phone, ended_by, cause, reason, began_at, ended_at)
where agent.number = '1001';
insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, actor, forced, ended_by, paused_since, began_at, ended_at)
values
  (9001, null, null, 'lunch', 'ada', false, 'ada', '2024-03-31 00:45:00+00', '2024-03-31 00:45:00+00', '2024-03-31 01:15:00+00'),
  (9002, 7, 'sales', null, 'mira', true, 'ada', '2024-03-31 21:30:00+00', '2024-03-31 21:30:00+00', '2024-03-31 22:30:00+00');
insert into peerage.agent_state (session_id, state, reason, began_at, ended_at)
values
  (9001, 'available', null, '2024-03-31 00:30:00+00', '2024-03-31 00:45:00+00'),
  (9001, 'paused', 'lunch', '2024-03-31 00:45:00+00', '2024-03-31 01:15:00+00'),
  (9001, 'available', null, '2024-03-31 01:15:00+00', '2024-03-31 04:00:00+00'),
  (9002, 'available', null, '2024-03-31 20:00:00+00', '2024-03-31 21:30:00+00'),
  (9002, 'partly_paused', null, '2024-03-31 21:30:00+00', '2024-03-31 22:30:00+00'),
  (9002, 'available', null, '2024-03-31 22:30:00+00', '2024-04-01 06:00:00+00');
";

fn with_past() -> Session {
    let session = Session::new();
    session.quietly("site add rome --time-zone Europe/Rome");
    session.quietly("agent add 1001 --name 'Ada King' --site rome");
    session.db().psql(PAST);
    session
}

fn transcript(session: &Session, lines: &[(&str, i32)]) -> String {
    let mut text = String::new();
    for (line, code) in lines {
        let run = finish(session.command(line), "");
        assert_eq!(run.code, *code, "{line}: {}", run.stderr);
        write!(text, "$ peerage {line}\nexit {}\n", run.code).unwrap();
        for (name, said) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            if !said.is_empty() {
                write!(text, "--- {name}\n{said}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_day_is_that_of_the_site() {
    let session = with_past();
    insta::assert_snapshot!(transcript(
        &session,
        &[
            ("agent history 1001 --day 2024-03-31", 0),
            ("agent history 1001 --day 2024-03-31 --format csv", 0),
            ("agent history 1001 --day 2024-03-31 --format json", 0),
            ("agent history 1001 --day 2024-04-02", 0),
        ],
    ));
}

#[test]
fn a_window_is_given_by_its_ends() {
    let session = with_past();
    insta::assert_snapshot!(transcript(
        &session,
        &[
            ("agent history 1001 --from 2024-03-31T01:40 --to 2024-03-31T03:10", 0),
            (
                "agent history 1001 --from 2024-03-31T00:40:00Z --to 2024-03-31T01:10:00Z",
                0
            ),
            ("agent history 1001 --to 2024-04-01", 0),
        ],
    ));
}

#[test]
fn a_window_in_which_nothing_can_be_is_refused() {
    let session = with_past();
    insta::assert_snapshot!(transcript(
        &session,
        &[
            ("agent history 1001 --from 2024-04-01 --to 2024-03-31", 2),
            ("agent history 1001 --from 2024-04-01 --to 2024-04-01", 2),
            ("agent history 1001 --day 2999-01-01", 2),
            ("agent history 1001 --from 2999-01-01 --to 2999-01-02", 2),
            ("agent history 1009 --day 2024-04-01", 1),
        ],
    ));
}

#[test]
fn the_history_of_one_who_was_removed_stays() {
    let session = with_past();
    session.quietly("agent remove 1001");
    let history = session
        .quietly("agent history 1001 --day 2024-03-31 --format json")
        .json();
    assert_eq!(history["time_zone"], "UTC");
    assert_eq!(history["sessions"].as_array().unwrap().len(), 2);
    let csv = session
        .quietly("agent history 1001 --day 2024-03-31 --format csv")
        .csv();
    assert_eq!(csv[1][2], "2024-03-31T00:30:00+00:00");
}

#[test]
fn the_parts_of_today_add_up_to_the_whole() {
    let session = Session::new();
    for line in [
        "pause-reason add lunch",
        "agent add 1001 --name 'Ada King'",
        "agent login 1001",
        "agent pause 1001 --reason lunch",
        "agent unpause 1001",
        "agent pause 1001",
    ] {
        session.quietly(line);
    }
    // From an hour ago, since a test at midnight would find nothing of the day before.
    let from = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let history = session
        .quietly(&format!("agent history 1001 --from {from} --format json"))
        .json();
    assert_eq!(history["sessions"].as_array().unwrap().len(), 1);
    assert!(history["sessions"][0]["ended_at"].is_null(), "{history}");
    let pauses: Vec<_> = history["pauses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pause| &pause["reason"])
        .collect();
    assert_eq!(pauses, ["lunch", "supervisor"]);
    let totals = history["totals"].as_array().unwrap();
    let seconds = |total: &serde_json::Value| total["seconds"].as_f64().unwrap();
    let (whole, parts) = totals.split_first().unwrap();
    assert_eq!(whole["state"], "logged_in");
    assert!(seconds(whole) > 0.0, "{history}");
    assert!(
        (seconds(whole) - parts.iter().map(seconds).sum::<f64>()).abs() < 0.000_001,
        "{history}"
    );
    let reasons: Vec<_> = parts
        .iter()
        .map(|part| &part["reason"])
        .filter(|reason| !reason.is_null())
        .collect();
    assert_eq!(reasons, ["lunch", "supervisor"]);
    session.quietly("agent history 1001");
}
