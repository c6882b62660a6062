//! Logging in: what is written, and what is refused that has to do with the agent.

use peerage_model::{Choice, LoginRequest, RefusalCode};

use super::support::{Centre, admin, at, failure, own, refusal, supervisor, system, t, telephone};

#[test]
fn a_login_begins_session_place_state_and_memberships_at_one_moment() {
    let centre = Centre::new();
    assert!(centre.log_in("1001", Choice::Internal).unwrap());
    let session =
        "select agent_number, interface_kind, interface, state_interface, member_name, phone_number, begun_by, ended_at
      from peerage.agent_session";
    assert_eq!(
        centre.sql(session),
        r#"1001,internal,PJSIP/1001,PJSIP/1001,"Ada King",,agent:1001,"#
    );
    let place = "select interface_kind, interface, phone_number, actor, ended_at from peerage.agent_place";
    assert_eq!(centre.sql(place), "internal,PJSIP/1001,,agent:1001,");
    assert_eq!(
        centre.sql("select state, reason, ended_at from peerage.agent_state"),
        "available,,"
    );
    let moments = "select count(*) from (
      select began_at from peerage.agent_session
      union
      select began_at from peerage.agent_place
      union
      select began_at from peerage.agent_state
      union
      select began_at from peerage.queue_login where session_id is not null
    ) as moment";
    assert_eq!(centre.sql(moments), "1");
}

#[test]
fn app_queue_finds_the_agent_in_each_assigned_queue_with_its_penalty() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let mut node = centre.node("pbx1");
    let query = "SELECT queue_name, interface, membername, state_interface, penalty, paused, reason_paused, ringinuse
      FROM queue_members
      WHERE interface LIKE '%' AND queue_name = 'QUEUE'
      ORDER BY interface";
    for (queue, members) in [
        ("sales", r#"sales,PJSIP/1001,"Ada King",PJSIP/1001,1,0,,"#),
        ("support", r#"support,PJSIP/1001,"Ada King",PJSIP/1001,2,0,,"#),
        ("billing", ""),
    ] {
        assert_eq!(node.read(&query.replace("QUEUE", queue)), members);
    }
    let ids = centre.uniqueid("1001", "sales") != centre.uniqueid("1001", "support");
    assert!(ids, "two members of one identity");
}

#[test]
fn the_same_place_again_is_a_success_that_changes_nothing() {
    let centre = Centre::new();
    for (number, choice) in [
        ("1001", Choice::Internal),
        ("1001", Choice::Phone),
        ("1001", Choice::Mobile),
        ("1002", Choice::Phone),
        ("1003", telephone("2002")),
    ] {
        assert!(centre.log_in(number, choice.clone()).unwrap());
        centre.changes_nothing(|| centre.log_in(number, choice));
        // Without a choice the open session is adopted, wherever it is.
        centre.changes_nothing(|| centre.store.log_in(&t(number), &LoginRequest::default(), &own(number)));
        centre.changes_nothing(|| centre.store.log_in(&t(number), &LoginRequest::default(), &supervisor()));
        assert!(centre.log_out(number).unwrap());
    }
}

#[test]
fn a_login_elsewhere_is_refused_with_the_hint_to_move() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.refuses(
        RefusalCode::LoggedInElsewhere,
        "agent 1001 (Ada King) is logged in on internal (PJSIP/1001) since T; move there to keep the session, or log out first",
        || centre.log_in("1001", Choice::Mobile),
    );
    centre.log_in("1003", telephone("2001")).unwrap();
    for actor in [own("1003"), supervisor(), admin(), system()] {
        centre.refuses(
            RefusalCode::LoggedInElsewhere,
            "agent 1003 (Cy Twombly) is logged in on phone 2001 since T; move there to keep the session, or log out first",
            || centre.store.log_in(&t("1003"), &at(telephone("2002")), &actor),
        );
    }
    let since = match refusal(centre.log_in("1003", telephone("2002"))) {
        peerage_model::Refusal::LoggedInElsewhere { since, .. } => since,
        other => panic!("{other}"),
    };
    let began = format!("select began_at = '{since}' from peerage.agent_session where agent_number = '1003'");
    assert_eq!(centre.sql(&began), "t");
}

#[test]
fn who_logs_an_agent_in_is_recorded() {
    let centre = Centre::new();
    let who = "select begun_by from peerage.agent_session where ended_at is null";
    for actor in [own("1001"), supervisor(), admin(), system()] {
        assert!(centre.store.log_in(&t("1001"), &at(Choice::Internal), &actor).unwrap());
        assert_eq!(centre.sql(who), actor.name);
        assert!(centre.log_out("1001").unwrap());
    }
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1002 may not act for another agent; ask a supervisor or an administrator",
        || centre.store.log_in(&t("1001"), &at(Choice::Internal), &own("1002")),
    );
}

#[test]
fn a_login_in_pause_begins_paused_everywhere_for_the_systems_reason() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.login_in_pause = Some(true));
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(centre.state("1001"), "paused,login");
    assert_eq!(centre.members("1001"), "sales,1,login\nsupport,1,login");
    let pauses = "select pause.queue_name, pause.reason, known.code, pause.actor, pause.forced, pause.began_at = session.began_at
      from peerage.agent_pause as pause
        join peerage.agent_session as session on session.id = pause.session_id
        left join peerage.pause_reason as known on known.id = pause.reason_id";
    assert_eq!(centre.sql(pauses), ",login,login,agent:1001,f,t");
    // One stretch from the login on: nobody was available for an instant.
    assert_eq!(centre.sql("select count(*) from peerage.agent_state"), "1");
    assert!(centre.unpause("1001", &Default::default()).unwrap());
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
}

#[test]
fn a_disabled_or_unknown_agent_cannot_log_in() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.account.disabled = Some(true));
    centre.refuses(
        RefusalCode::AccountDisabled,
        "account 1001 is disabled; ask an administrator to enable it",
        || centre.log_in("1001", Choice::Internal),
    );
    assert_eq!(
        failure(centre.log_in("9999", Choice::Internal)),
        "there is no agent `9999`"
    );
    // A telephone is no agent.
    assert_eq!(
        failure(centre.log_in("2001", Choice::Internal)),
        "there is no agent `2001`"
    );
    centre.store.remove_agent(&t("1002")).unwrap();
    assert_eq!(
        failure(centre.log_in("1002", Choice::Internal)),
        "there is no agent `1002`"
    );
}

#[test]
fn an_agent_of_no_queue_works_too() {
    let centre = Centre::new();
    for queue in ["sales", "support"] {
        centre.store.unassign(&t(queue), &t("1001")).unwrap();
    }
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(centre.state("1001"), "available,");
    assert!(centre.pause("1001", &Default::default()).unwrap());
    assert_eq!(centre.state("1001"), "paused,pause");
    assert!(centre.unpause("1001", &Default::default()).unwrap());
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn members_of_one_full_name_are_told_apart_by_their_numbers() {
    let centre = Centre::new();
    centre.set_agent("1002", |patch| patch.full_name = Some(t("Ada King")));
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    let names = "select member_name from peerage.agent_session where ended_at is null order by id";
    assert_eq!(centre.sql(names), "\"Ada King (1001)\"\n\"Ada King (1002)\"");
    assert_eq!(
        centre.sql("select distinct member_name from peerage.queue_login where session_id is not null order by 1"),
        "\"Ada King (1001)\"\n\"Ada King (1002)\""
    );
}

#[test]
fn a_name_that_somebody_at_work_still_has_is_not_given_again() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    // The session keeps the name that app_queue knows; the agent has another by now.
    centre.set_agent("1001", |patch| patch.full_name = Some(t("Ada Lovelace")));
    centre.set_agent("1002", |patch| patch.full_name = Some(t("Ada King")));
    centre.log_in("1002", Choice::Internal).unwrap();
    let names = "select member_name from peerage.agent_session where ended_at is null order by id";
    assert_eq!(centre.sql(names), "\"Ada King\"\n\"Ada King (1002)\"");
}

#[test]
fn the_name_of_somebody_who_left_is_free_again() {
    let centre = Centre::new();
    centre.set_agent("1002", |patch| patch.full_name = Some(t("Ada King")));
    centre.store.remove_agent(&t("1002")).unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(
        centre.sql("select member_name from peerage.agent_session"),
        "\"Ada King\""
    );
}

#[test]
fn a_name_that_app_queue_has_no_room_for_is_cut_between_letters_and_has_the_number() {
    let centre = Centre::new();
    let names =
        "select member_name, octet_length(member_name) from peerage.agent_session where ended_at is null order by id";
    let fits = format!("{}x", "é".repeat(39));
    for (name, member) in [
        // 79 bytes.
        (fits.clone(), format!("{fits},79")),
        ("x".repeat(80), format!("\"{} (1001)\",79", "x".repeat(72))),
        ("é".repeat(80), format!("\"{} (1001)\",79", "é".repeat(36))),
        (
            format!("x{}", "é".repeat(79)),
            format!("\"x{} (1001)\",78", "é".repeat(35)),
        ),
        ("€".repeat(80), format!("\"{} (1001)\",79", "€".repeat(24))),
        ("😀".repeat(20), format!("\"{} (1001)\",79", "😀".repeat(18))),
    ] {
        centre.set_agent("1001", |patch| patch.full_name = Some(t(&name)));
        centre.log_in("1001", Choice::Internal).unwrap();
        assert_eq!(centre.sql(names), member);
        assert_eq!(
            centre.sql("select distinct member_name, octet_length(member_name) from peerage.queue_login where session_id is not null"),
            member
        );
        centre.log_out("1001").unwrap();
    }
    // Two that begin alike are told apart.
    for number in ["1001", "1002"] {
        let name = format!("{}{number}", "é".repeat(76));
        centre.set_agent(number, |patch| patch.full_name = Some(t(&name)));
        centre.log_in(number, Choice::Internal).unwrap();
    }
    let each = "select count(distinct member_name), max(octet_length(member_name)) from peerage.agent_session where ended_at is null";
    assert_eq!(centre.sql(each), "2,79");
}

#[test]
fn a_name_that_looks_like_one_with_a_number_has_its_own_too() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.full_name = Some(t("Ada King (1002)")));
    centre.set_agent("1002", |patch| patch.full_name = Some(t("Ada King")));
    centre.set_agent("1003", |patch| patch.full_name = Some(t("Ada King")));
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    let names = "select member_name from peerage.agent_session order by id";
    assert_eq!(centre.sql(names), "\"Ada King (1002) (1001)\"\n\"Ada King (1002)\"");
}

#[test]
fn nobody_writes_a_name_that_app_queue_would_cut() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let long = "x".repeat(80);
    for (table, check) in [
        ("agent_session", "agent_session_member_name_check"),
        ("queue_login", "queue_login_member_name_check"),
    ] {
        let said = centre.fails(&format!("update peerage.{table} set member_name = '{long}'"));
        assert!(said.contains(check), "{said}");
    }
}
