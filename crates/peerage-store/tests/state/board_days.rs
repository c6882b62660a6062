//! How days were spent, for many agents at once: the same as history says of each.

use peerage_model::{Choice, Totals};
use peerage_store::{AgentDay, DayFilter};

use super::history::PAST;
use super::support::{Centre, because, t};

/// Of today, everybody's.
pub(super) fn today() -> DayFilter {
    DayFilter {
        limit: 1000,
        ..DayFilter::default()
    }
}

fn on(day: &str) -> DayFilter {
    DayFilter {
        day: Some(t(day)),
        ..today()
    }
}

fn days(centre: &Centre, filter: &DayFilter) -> Vec<AgentDay> {
    centre.store.agent_days(filter).unwrap()
}

fn site_in(centre: &Centre, zone: &str) {
    centre.exec(&format!("update peerage.site set time_zone = '{zone}'"));
}

#[test]
fn a_day_is_what_history_says_of_it_in_the_time_zone_of_the_site() {
    let centre = Centre::new();
    centre.exec(PAST);
    // The day after the sessions began: the open one goes on through it.
    for (zone, day, hours) in [
        ("UTC", "2026-06-01", 14.5),
        // Noon to noon: the first session, and an hour of the second.
        ("Pacific/Auckland", "2026-06-01", 2.5),
        ("Pacific/Auckland", "2026-06-02", 24.0),
        ("America/New_York", "2026-06-01", 18.5),
        // The clock is put back on that day, which has 25 hours.
        ("Europe/Rome", "2026-10-25", 25.0),
    ] {
        site_in(&centre, zone);
        let found = days(&centre, &on(day));
        assert_eq!(found.len(), 1, "{zone} {day}");
        let span = centre.store.agent_site_day(&t("1001"), Some(t(day))).unwrap();
        let history = centre.store.history(&t("1001"), span.began_at, span.ended_at).unwrap();
        let ada = &found[0];
        assert_eq!((ada.name.as_str(), ada.day), ("Ada King", t(day)));
        assert_eq!(ada.totals, history.totals, "{zone} {day}");
        assert_eq!(ada.totals.logged_in.as_secs_f64() / 3600.0, hours, "{zone} {day}");
    }
    assert_eq!(days(&centre, &on("2026-05-30")), []);
}

#[test]
fn the_parts_of_a_day_are_the_whole() {
    let centre = Centre::new();
    centre.exec(PAST);
    let Totals {
        logged_in,
        available,
        partly_paused,
        ..
    } = days(&centre, &on("2026-06-01"))[0].totals.clone();
    let paused = days(&centre, &on("2026-06-01"))[0].totals.paused_in_all();
    assert_eq!(logged_in, available + partly_paused + paused);
}

#[test]
fn today_goes_as_far_as_now() {
    let centre = Centre::new();
    centre.log_in("1003", super::support::telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    let found = days(&centre, &today());
    let session = centre.sql(
        "select extract(epoch from clock_timestamp() - began_at)
         from peerage.agent_session",
    );
    assert_eq!(found.len(), 1);
    let spent = found[0].totals.logged_in.as_secs_f64();
    assert!(
        (0.0..=session.parse().unwrap()).contains(&spent),
        "{spent} of {session}"
    );
    assert!(found[0].totals.paused.contains_key(&Some(t("lunch"))));
    let day = centre.store.agent_site_day(&t("1003"), None).unwrap();
    assert_eq!((day.day, found[0].day), (day.today, day.today));
}

#[test]
fn days_come_in_pages_of_agents_and_of_ones_own_queues_only() {
    let centre = Centre::new();
    for number in ["1001", "1002", "1003"] {
        let choice = match number {
            "1003" => super::support::telephone("2003"),
            _ => Choice::Internal,
        };
        centre.log_in(number, choice).unwrap();
        centre.pause(number, &because("lunch")).unwrap();
        centre.pause(number, &because("training")).unwrap();
    }
    centre.store.unassign(&t("sales"), &t("1002")).unwrap();
    let numbers = |filter: DayFilter| {
        let days = days(&centre, &filter);
        days.iter().map(|day| day.number.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(today()), ["1001", "1002", "1003"]);
    assert_eq!(numbers(DayFilter { limit: 2, ..today() }), ["1001", "1002"]);
    let rest = DayFilter {
        after: Some(t("1002")),
        limit: 2,
        ..today()
    };
    assert_eq!(numbers(rest), ["1003"]);
    let own = DayFilter {
        queues: Some(vec![t("sales")]),
        ..today()
    };
    assert_eq!(numbers(own.clone()), ["1001", "1003"]);
    let one = |queue| DayFilter {
        queue: Some(t(queue)),
        ..own.clone()
    };
    assert_eq!(numbers(one("sales")), ["1001", "1003"]);
    assert_eq!(numbers(one("support")), Vec::<String>::new());
    let nobody = DayFilter {
        queues: Some(Vec::new()),
        ..today()
    };
    assert_eq!(numbers(nobody), Vec::<String>::new());
}

#[test]
fn places_are_told_in_order_with_who_brought_the_agent_there() {
    let centre = Centre::new();
    centre.exec(PAST);
    let places = centre
        .store
        .agent_places(&t("1001"), t("2026-06-01T09:30:00Z"), t("2026-06-01T10:30:00Z"))
        .unwrap();
    let told: Vec<_> = places
        .iter()
        .map(|place| (place.interface.as_str(), place.phone.as_deref(), place.by.as_str()))
        .collect();
    assert_eq!(
        told,
        [("PJSIP/2001", Some("2001"), "ada"), ("PJSIP/2002", Some("2002"), "sue")]
    );
}

#[test]
fn there_is_no_day_of_an_agent_who_is_not() {
    let centre = Centre::new();
    let error = centre.store.agent_site_day(&t("9999"), None).unwrap_err();
    assert_eq!(error.message(), "there is no agent `9999`");
}
