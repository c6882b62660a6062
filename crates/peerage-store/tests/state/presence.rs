//! An agent whose page is gone for too long is logged out; the service's own absence and a running call do not count.

use std::time::Duration;

use peerage_model::{Choice, LogoutRequest, LogoutTime};

use super::support::{Centre, because, own, system, t, telephone};

const MOST: Duration = Duration::from_secs(45);

/// Ada at work in a console, at a site that waits for two minutes.
fn attended() -> Centre {
    let centre = Centre::new();
    centre.exec("update peerage.site set disconnection_timeout_seconds = 120");
    centre.log_in("1001", Choice::Internal).unwrap();
    assert!(centre.store.attend(&t("1001")).unwrap());
    assert_eq!(centre.store.beat("us", MOST).unwrap(), Duration::ZERO);
    centre
}

/// So many seconds pass, in which the service is or is not at work.
fn pass(centre: &Centre, seconds: u32, at_work: bool) {
    centre.exec(&format!(
        "update peerage.agent_presence set seen_at = seen_at - interval '{seconds} s'"
    ));
    if !at_work {
        centre.exec(&format!(
            "update peerage.service_beat set beat_at = beat_at - interval '{seconds} s'"
        ));
    }
}

fn overdue(centre: &Centre) -> bool {
    !centre.store.overdue().unwrap().is_empty()
}

#[test]
fn who_is_gone_for_longer_than_the_site_allows_is_logged_out_by_the_service() {
    let centre = attended();
    pass(&centre, 100, true);
    assert!(!overdue(&centre));
    centre.changes_nothing(|| centre.store.log_out_overdue(&t("1001"), &system()));
    pass(&centre, 21, true);
    assert_eq!(centre.store.overdue().unwrap(), [t("1001")]);
    assert!(centre.store.log_out_overdue(&t("1001"), &system()).unwrap());
    assert_eq!(centre.end("1001"), "disconnection,,peerage");
    assert!(!overdue(&centre));
    assert!(
        !centre.store.attend(&t("1001")).unwrap(),
        "there is no session to attend to"
    );
    centre.store.beat("us", MOST).unwrap();
    assert_eq!(centre.sql("select count(*) from peerage.agent_presence"), "0");
}

#[test]
fn who_is_seen_in_time_stays_and_so_does_who_did_not_log_in_there() {
    let centre = attended();
    // From the command line.
    centre.log_in("1002", Choice::Internal).unwrap();
    pass(&centre, 100, true);
    assert_eq!(centre.store.present(&[t("1001"), t("1002"), t("9999")]).unwrap(), 1);
    pass(&centre, 100, true);
    assert!(!overdue(&centre));
    // A console adopts the session.
    pass(&centre, 100, true);
    assert!(centre.store.attend(&t("1001")).unwrap());
    assert!(!overdue(&centre));
    centre.exec("update peerage.site set disconnection_timeout_seconds = 0");
    pass(&centre, 100_000, true);
    assert!(!overdue(&centre), "never, says the site");
}

#[test]
fn the_time_in_which_the_service_was_down_does_not_count() {
    let centre = attended();
    pass(&centre, 100, true);
    pass(&centre, 3600, false);
    assert!(!overdue(&centre), "nobody has looked since");
    let absence = centre.store.beat("us", MOST).unwrap();
    assert!(absence >= Duration::from_secs(3600), "{absence:?}");
    assert!(!overdue(&centre), "only the hundred seconds before count");
    pass(&centre, 30, true);
    assert!(overdue(&centre));
}

#[test]
fn a_page_is_gone_only_when_each_service_has_said_that_it_is() {
    let centre = attended();
    pass(&centre, 121, true);
    assert_eq!(centre.store.beat("them", MOST).unwrap(), Duration::ZERO);
    assert!(overdue(&centre));
    // The page is connected to the other one, which has not said so for a while.
    centre.exec("update peerage.service_beat set beat_at = beat_at - interval '15 s' where service = 'them'");
    pass(&centre, 20, true);
    assert_eq!(centre.store.beat("us", MOST).unwrap(), Duration::ZERO);
    assert!(overdue(&centre), "it was gone before that");
    centre.store.present(&[t("1001")]).unwrap();
    pass(&centre, 110, true);
    assert!(!overdue(&centre));
    pass(&centre, 11, true);
    assert!(!overdue(&centre), "the other one has not said yet whether it is there");
    centre.changes_nothing(|| centre.store.log_out_overdue(&t("1001"), &system()));
    assert_eq!(centre.store.beat("them", MOST).unwrap(), Duration::ZERO);
    assert!(overdue(&centre));
}

#[test]
fn pages_of_a_service_that_crashed_get_the_time_to_come_elsewhere_and_one_that_ended_is_not_waited_for() {
    let centre = attended();
    centre.store.beat("them", MOST).unwrap();
    pass(&centre, 100, true);
    centre.exec("update peerage.service_beat set beat_at = beat_at - interval '100 s' where service = 'them'");
    let absence = centre.store.beat("us", MOST).unwrap();
    assert!(absence >= Duration::from_secs(100), "{absence:?}");
    assert_eq!(
        centre.sql("select string_agg(service, ',') from peerage.service_beat"),
        "us"
    );
    pass(&centre, 100, true);
    assert!(!overdue(&centre));
    pass(&centre, 21, true);
    assert!(overdue(&centre));

    centre.store.beat("them", MOST).unwrap();
    centre.exec("update peerage.service_beat set beat_at = beat_at - interval '30 s' where service = 'them'");
    centre.store.present(&[t("1001")]).unwrap();
    pass(&centre, 125, true);
    assert!(!overdue(&centre));
    centre.store.last_beat("them").unwrap();
    centre.exec("update peerage.service_beat set beat_at = beat_at - interval '30 s' where service = 'them'");
    assert!(overdue(&centre));
    assert_eq!(centre.store.beat("us", MOST).unwrap(), Duration::ZERO);
}

#[test]
fn where_agents_are_who_leaves_and_who_is_a_member_is_told() {
    let centre = attended();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    let places = [(t("1001"), t("PJSIP/1001")), (t("1003"), t("PJSIP/2001"))];
    let mut told = centre.store.places(None).unwrap();
    told.sort();
    assert_eq!(told, places);
    assert_eq!(centre.store.places(Some(&[t("1003"), t("1004")])).unwrap(), places[1..]);
    assert_eq!(centre.store.queues_to_compare().unwrap(), [t("sales"), t("support")]);
    let members = centre.store.members(&t("pbx1"), &t("support")).unwrap();
    let seen: Vec<_> = members
        .iter()
        .map(|member| (member.agent.as_str(), member.penalty.as_str(), member.paused))
        .collect();
    assert_eq!(seen, [("1001", "2", false), ("1003", "2", true)]);
    assert_eq!(members[1].reason, Some(t("lunch")));
    assert_eq!(centre.store.leaving().unwrap(), []);
    let later = LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: None,
    };
    assert!(centre.store.log_out(&t("1003"), &later, &own("1003")).unwrap());
    assert_eq!(centre.store.leaving().unwrap(), [t("1003")]);
    assert!(centre.store.after_call(&t("1003"), &system()).unwrap());
    assert_eq!(centre.store.leaving().unwrap(), []);
}
