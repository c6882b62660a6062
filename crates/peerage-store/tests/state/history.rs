//! History: what is told of the past, and that it adds up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use peerage_model::{Choice, PauseReason, Totals};
use peerage_store::History;

use super::support::{Centre, because, failure, in_queue, of_queue, t, telephone};

/// Two sessions of Ada's on the first of June 2026, one of them still open:
///
/// nine to half past ten: available, from half past nine paused for lunch, from ten on for training;
/// from eleven on: available, from noon on partly paused (sales, without a reason), from one on paused without a reason.
pub(super) const PAST: &str = "
with spoken as (
  insert into peerage.agent_session (
    agent_id, agent_number, interface_kind, interface, state_interface, member_name, phone_number, begun_by, began_at,
    ended_by, end_cause, end_reason, ended_at
  )
  select
    id, '1001', kind, interface, interface, 'Ada King', known.phone, 'ada', began_at::timestamptz,
    ended_by, end_cause, end_reason, ended_at::timestamptz
  from peerage.agent
    cross join (
      values
        ('hot_desk', 'PJSIP/2002', '2002', '2026-06-01T09:00:00Z', 'sue', 'supervisor', 'fire drill', '2026-06-01T10:30:00Z'),
        ('internal', 'PJSIP/1001', null, '2026-06-01T11:00:00Z', null, null, null, null)
    ) as known (kind, interface, phone, began_at, ended_by, end_cause, end_reason, ended_at)
  where number = '1001'
  returning *
),
places as (
  insert into peerage.agent_place (session_id, interface_kind, interface, phone_number, actor, began_at, ended_at)
  select id, 'hot_desk', 'PJSIP/2001', '2001', 'ada', began_at, '2026-06-01T10:00:00Z'::timestamptz from spoken where phone_number is not null
  union all
  select id, 'hot_desk', 'PJSIP/2002', '2002', 'sue', '2026-06-01T10:00:00Z', ended_at from spoken where phone_number is not null
  union all
  select id, 'internal', 'PJSIP/1001', null, 'ada', began_at, null from spoken where phone_number is null
),
states as (
  insert into peerage.agent_state (session_id, state, reason, began_at, ended_at)
  select spoken.id, known.state, known.reason, known.began_at::timestamptz, known.ended_at::timestamptz
  from spoken
    join (
      values
        ('2002', 'available', null, '2026-06-01T09:00:00Z', '2026-06-01T09:30:00Z'),
        ('2002', 'paused', 'lunch', '2026-06-01T09:30:00Z', '2026-06-01T10:00:00Z'),
        ('2002', 'paused', 'training', '2026-06-01T10:00:00Z', '2026-06-01T10:30:00Z'),
        (null, 'available', null, '2026-06-01T11:00:00Z', '2026-06-01T12:00:00Z'),
        (null, 'partly_paused', null, '2026-06-01T12:00:00Z', '2026-06-01T13:00:00Z'),
        (null, 'paused', null, '2026-06-01T13:00:00Z', null)
    ) as known (phone, state, reason, began_at, ended_at) on known.phone is not distinct from spoken.phone_number
)
insert into peerage.agent_pause (session_id, queue_id, queue_name, reason, reason_id, actor, forced, ended_by, paused_since, began_at, ended_at)
select spoken.id, queue.id, queue.name, known.reason, reason.id, known.actor, known.actor <> 'ada', known.ended_by,
  known.began_at::timestamptz, known.began_at::timestamptz, known.ended_at::timestamptz
from spoken
  join (
    values
      ('2002', null, 'lunch', 'ada', 'sue', '2026-06-01T09:30:00Z', '2026-06-01T10:00:00Z'),
      ('2002', null, 'training', 'sue', 'sue', '2026-06-01T10:00:00Z', '2026-06-01T10:30:00Z'),
      (null, 'sales', null, 'asterisk:pbx1', 'ada', '2026-06-01T12:00:00Z', '2026-06-01T13:00:00Z'),
      (null, null, null, 'ada', null, '2026-06-01T13:00:00Z', null)
  ) as known (phone, queue, reason, actor, ended_by, began_at, ended_at) on known.phone is not distinct from spoken.phone_number
  left join peerage.queue as queue on queue.name = known.queue
  left join peerage.pause_reason as reason on reason.code = known.reason";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Ada's, of the first of June 2026 between these hours and minutes.
fn of_the_day(centre: &Centre, from: &str, to: &str) -> History {
    let at = |time: &str| -> Timestamp { t(&format!("2026-06-01T{time}:00Z")) };
    centre.store.history(&t("1001"), at(from), at(to)).unwrap()
}

/// Available, partly paused, and paused by reason, in minutes; checked to add up.
fn spent(totals: &Totals) -> String {
    assert_eq!(
        totals.logged_in,
        totals.available + totals.paused_in_all() + totals.partly_paused
    );
    let reasons: BTreeMap<&str, i64> = totals
        .paused
        .iter()
        .map(|(reason, time)| (reason.as_ref().map_or("none", PauseReason::as_str), time.as_mins()))
        .collect();
    format!(
        "{} of {}, {} partly, {reasons:?}",
        totals.available.as_mins(),
        totals.logged_in.as_mins(),
        totals.partly_paused.as_mins()
    )
}

#[test]
fn totals_of_a_known_day_are_exact_in_any_window() {
    let centre = Centre::new();
    centre.exec(PAST);
    for (from, to, words) in [
        (
            "00:00",
            "14:00",
            r#"90 of 270, 60 partly, {"lunch": 30, "none": 60, "training": 30}"#,
        ),
        ("09:00", "10:30", r#"30 of 90, 0 partly, {"lunch": 30, "training": 30}"#),
        ("09:15", "09:45", r#"15 of 30, 0 partly, {"lunch": 15}"#),
        ("10:30", "11:00", "0 of 0, 0 partly, {}"),
        ("12:30", "13:30", r#"0 of 60, 30 partly, {"none": 30}"#),
        ("09:10", "09:10", "0 of 0, 0 partly, {}"),
        ("10:00", "09:00", "0 of 0, 0 partly, {}"),
        ("00:00", "08:00", "0 of 0, 0 partly, {}"),
    ] {
        let history = of_the_day(&centre, from, to);
        assert_eq!(spent(&history.totals), words, "{from} to {to}");
    }
    assert_eq!(of_the_day(&centre, "09:00", "10:30").totals.logged_in, minutes(90));
    // Cut anywhere, the parts are the whole.
    let whole = of_the_day(&centre, "08:00", "14:00").totals;
    for cut in ["09:00", "09:07", "10:00", "10:45", "12:00", "12:59", "13:30"] {
        let (one, other) = (of_the_day(&centre, "08:00", cut), of_the_day(&centre, cut, "14:00"));
        assert_eq!(one.totals.logged_in + other.totals.logged_in, whole.logged_in);
        assert_eq!(one.totals.available + other.totals.available, whole.available);
        assert_eq!(
            one.totals.paused_in_all() + other.totals.paused_in_all(),
            whole.paused_in_all()
        );
    }
}

#[test]
fn sessions_and_pauses_are_those_that_touch_the_window() {
    let centre = Centre::new();
    centre.exec(PAST);
    let shown = |from: &str, to: &str| {
        let history = of_the_day(&centre, from, to);
        let pauses: Vec<_> = history
            .pauses
            .iter()
            .map(|pause| {
                format!(
                    "{}/{}",
                    pause.queue.as_deref().unwrap_or("all"),
                    pause.reason.as_deref().unwrap_or("-")
                )
            })
            .collect();
        format!("{} {}", history.sessions.len(), pauses.join(" "))
    };
    assert_eq!(shown("00:00", "14:00"), "2 all/lunch all/training sales/- all/-");
    assert_eq!(shown("09:45", "09:50"), "1 all/lunch");
    // What ends as the window begins is out, and so is what begins as it ends.
    assert_eq!(shown("10:30", "11:00"), "0 ");
    assert_eq!(shown("10:00", "10:30"), "1 all/training");

    let history = of_the_day(&centre, "00:00", "14:00");
    let session = &history.sessions[0];
    assert_eq!(
        (session.began_at, session.ended_at),
        (t("2026-06-01T09:00:00Z"), Some(t("2026-06-01T10:30:00Z")))
    );
    assert_eq!(
        (session.interface.as_str(), session.phone.as_deref()),
        ("PJSIP/2002", Some("2002"))
    );
    assert_eq!(
        (session.begun_by.as_str(), session.ended_by.as_deref()),
        ("ada", Some("sue"))
    );
    assert_eq!(
        (session.end_cause.as_deref(), session.end_reason.as_deref()),
        (Some("supervisor"), Some("fire drill"))
    );
    assert_eq!(history.sessions[1].ended_at, None);
    let pause = &history.pauses[1];
    assert_eq!(
        (pause.by.as_str(), pause.ended_by.as_deref(), pause.forced),
        ("sue", Some("sue"), true)
    );
    assert_eq!(
        (pause.began_at, pause.ended_at),
        (t("2026-06-01T10:00:00Z"), Some(t("2026-06-01T10:30:00Z")))
    );
    assert_eq!(history.pauses[3].ended_at, None);
}

#[test]
fn what_agents_do_adds_up_to_the_microsecond() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    centre.move_to("1003", telephone("2002")).unwrap();
    centre.unpause("1003", &of_queue("sales")).unwrap();
    centre.pause("1003", &in_queue("sales", "training")).unwrap();
    centre.log_out("1003").unwrap();
    centre.log_in("1003", telephone("2003")).unwrap();
    centre.pause("1003", &Default::default()).unwrap();
    let now: Timestamp = Timestamp::now() + SignedDuration::from_secs(1);
    let history = centre.store.history(&t("1003"), Timestamp::UNIX_EPOCH, now).unwrap();
    let sum: SignedDuration = history
        .sessions
        .iter()
        .map(|session| session.ended_at.unwrap_or(now).duration_since(session.began_at))
        .sum();
    assert_eq!(history.totals.logged_in, sum);
    spent(&history.totals);
    let reasons: Vec<_> = history
        .totals
        .paused
        .keys()
        .flatten()
        .map(PauseReason::as_str)
        .collect();
    assert_eq!(reasons, ["lunch", "pause"]);
    assert!(
        history.totals.paused.contains_key(&None),
        "in sales for another reason than in support"
    );
    let report =
        "select count(*), count(*) filter (where logged_in = available + paused + partly_paused) from report.sessions";
    assert_eq!(centre.sql(report), "2,2");
}

#[test]
fn the_history_of_nobody_is_not_found() {
    let centre = Centre::new();
    let history = centre
        .store
        .history(&t("9999"), Timestamp::UNIX_EPOCH, Timestamp::now());
    assert_eq!(failure(history), "there is no agent `9999`");
    let never = centre
        .store
        .history(&t("1001"), Timestamp::UNIX_EPOCH, Timestamp::now())
        .unwrap();
    assert_eq!(
        (never.sessions.len(), never.pauses.len(), never.totals),
        (0, 0, Totals::default())
    );
    centre.log_in("1001", Choice::Internal).unwrap();
    let before = centre
        .store
        .history(&t("1002"), Timestamp::UNIX_EPOCH, Timestamp::now())
        .unwrap();
    assert!(before.sessions.is_empty(), "somebody else's");
}
