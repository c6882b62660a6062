//! Moving to another interface or telephone without logging out.

use peerage_model::{Choice, RefusalCode};

use super::support::{Centre, because, in_queue, own, supervisor, t, telephone, to};

#[test]
fn a_move_makes_new_members_and_keeps_what_they_are() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let mut node = centre.node("pbx1");
    let sales = centre.uniqueid("1001", "sales");
    let support = centre.uniqueid("1001", "support");
    node.update(&sales, "penalty = '7'");
    node.update(&sales, "ringinuse = '1'");
    centre.pause("1001", &in_queue("support", "lunch")).unwrap();
    let kept =
        "select queue_name, member_name, penalty, ring_in_use, paused, reason_paused, session_id, queue_id, began_at
      from peerage.queue_login
      where session_id is not null
      order by queue_name";
    let history = "select count(*), count(ended_at) from peerage.agent_pause";
    let (before, pauses) = (centre.sql(kept), centre.sql(history));
    let states = centre.sql("select id, state, reason, began_at, ended_at from peerage.agent_state order by id");

    assert!(centre.move_to("1001", Choice::Mobile).unwrap());
    assert_eq!(centre.sql(kept), before);
    assert_eq!(centre.sql(history), pauses);
    assert_eq!(
        centre.sql("select id, state, reason, began_at, ended_at from peerage.agent_state order by id"),
        states,
        "a move is no change of state"
    );
    let new = "select distinct interface, state_interface from peerage.queue_login where session_id is not null";
    let mobile = "Local/01701234@peerage-outbound/n";
    assert_eq!(centre.sql(new), format!("{mobile},{mobile}"));
    // app_queue would go on ringing the old place of a member it knows.
    assert_ne!(centre.uniqueid("1001", "sales"), sales);
    assert_ne!(centre.uniqueid("1001", "support"), support);
    assert_eq!(node.update(&sales, "paused = '1'"), 0, "the old member is gone");
    // Back again is no way back to the old identity.
    assert!(centre.move_to("1001", Choice::Internal).unwrap());
    assert_ne!(centre.uniqueid("1001", "sales"), sales);
}

#[test]
fn the_session_goes_on_and_each_place_is_remembered() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    assert!(centre.move_to("1003", telephone("2002")).unwrap());
    assert!(
        centre
            .store
            .move_agent(&t("1003"), &to(telephone("2003")), &supervisor())
            .unwrap()
    );
    let session = "select interface, phone_number, begun_by, ended_at from peerage.agent_session";
    assert_eq!(centre.sql(session), "PJSIP/2003,2003,agent:1003,");
    let places = "select phone_number, actor, ended_at is null, lead(began_at) over (order by id) = ended_at
      from peerage.agent_place
      order by id";
    assert_eq!(
        centre.sql(places),
        "2001,agent:1003,f,t\n2002,agent:1003,f,t\n2003,sue,t,"
    );
    // What was left is free.
    assert!(centre.log_in("1004", telephone("2001")).unwrap());
}

#[test]
fn a_move_to_where_the_agent_is_changes_nothing() {
    let centre = Centre::new();
    centre.log_in("1002", Choice::Phone).unwrap();
    centre.changes_nothing(|| centre.move_to("1002", Choice::Phone));
    centre.log_in("1003", telephone("2002")).unwrap();
    centre.changes_nothing(|| centre.move_to("1003", telephone("2002")));
    // Not even permission is needed to stay.
    centre.set_agent("1003", |patch| patch.permissions.move_session = Some(false));
    centre.changes_nothing(|| centre.move_to("1003", telephone("2002")));
}

#[test]
fn who_is_not_at_work_cannot_move() {
    let centre = Centre::new();
    centre.refuses(
        RefusalCode::NotLoggedIn,
        "agent 1001 (Ada King) is not logged in; log in first",
        || centre.move_to("1001", Choice::Mobile),
    );
}

#[test]
fn moving_can_be_taken_away_from_the_agent_alone() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.permissions.move_session = Some(false));
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1001 may not move; ask a supervisor or an administrator",
        || centre.move_to("1001", Choice::Mobile),
    );
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1002 may not act for another agent; ask a supervisor or an administrator",
        || centre.store.move_agent(&t("1001"), &to(Choice::Mobile), &own("1002")),
    );
    assert!(
        centre
            .store
            .move_agent(&t("1001"), &to(Choice::Mobile), &supervisor())
            .unwrap()
    );
}

#[test]
fn a_move_is_refused_as_a_login_there_would_be() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.log_in("1004", telephone("2002")).unwrap();
    centre.refuses(
        RefusalCode::TelephoneInUse,
        "phone 2002 is in use by agent 1004 (Di Brown) since T; choose another one, or ask a supervisor to release it",
        || centre.move_to("1003", telephone("2002")),
    );
    centre.register("2001", None);
    centre.refuses(
        RefusalCode::TelephoneNotRegistered,
        "phone 2003 is not registered; check that it is switched on, or choose another one",
        || centre.move_to("1003", telephone("2003")),
    );
    centre.refuses(
        RefusalCode::ChooseATelephone,
        "agent 1003 has hot desk and needs a phone instead of an interface; no phone of the site is available: free or register one",
        || centre.move_to("1003", Choice::Internal),
    );
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.refuses(
        RefusalCode::NoHotDesk,
        "agent 1001 has no hot desk and needs an interface instead of a phone; choose internal, phone or mobile",
        || centre.move_to("1001", telephone("2001")),
    );
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.refuses(
        RefusalCode::NoSuchInterface,
        "agent 1002 has no mobile; enter a number as the agent's mobile, or choose another interface",
        || centre.move_to("1002", Choice::Mobile),
    );
}

#[test]
fn a_pause_of_all_queues_survives_the_move() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    centre.move_to("1003", telephone("2002")).unwrap();
    assert_eq!(centre.state("1003"), "paused,lunch");
    assert_eq!(centre.members("1003"), "sales,1,lunch\nsupport,1,lunch");
    assert!(centre.unpause("1003", &Default::default()).unwrap());
    assert_eq!(centre.members("1003"), "sales,0,\nsupport,0,");
}
