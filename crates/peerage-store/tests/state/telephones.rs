//! The telephone list, and what happens to a telephone that somebody has.

use peerage_model::{EndReason, NotOffered, OfferedPhone, Refusal, RefusalCode, Registration};

use super::support::{
    Centre, admin, at, failure, force, own, refusal, supervisor, system, t, take_over, telephone, to,
};

const LEEDS: &str = "
  insert into peerage.site (name) values ('leeds');
  update peerage.sip_account set site_id = (select id from peerage.site where name = 'leeds') where number = ";

fn list(centre: &Centre) -> Vec<OfferedPhone> {
    centre.store.telephone_list(&t("default")).unwrap()
}

/// The list as people read it.
fn offers(centre: &Centre) -> Vec<String> {
    let why = |phone: OfferedPhone| match phone.not_offered {
        None => format!("{} free", phone.number),
        Some(NotOffered::OtherSite(site)) => format!("{} at {site}", phone.number),
        Some(NotOffered::Disabled) => format!("{} disabled", phone.number),
        Some(NotOffered::InUse(holder)) => format!("{} used by {} ({})", phone.number, holder.agent, holder.name),
        Some(NotOffered::NotRegistered(None)) => format!("{} never registered", phone.number),
        Some(NotOffered::NotRegistered(Some(since))) => format!("{} not registered since {since}", phone.number),
    };
    list(centre).into_iter().map(why).collect()
}

#[test]
fn the_list_says_of_each_telephone_why_it_is_not_offered() {
    let centre = Centre::new();
    for phone in ["2004", "2005", "2006", "2007"] {
        centre.add_phone(phone);
    }
    centre.register("2001", None);
    centre.register("2002", None);
    centre.register("2003", Some("2026-01-02T09:00:00Z"));
    centre.exec("update peerage.sip_account set disabled = true where number = '2005'");
    centre.exec(&format!("{LEEDS} '2006'"));
    // Registered with chan_sip counts as well.
    let written = "UPDATE sipregs SET ipaddr = '10.0.0.8', fullcontact = 'sip:2007@10.0.0.8', regseconds = '4102444800' WHERE name = '2007'";
    assert_eq!(centre.node("pbx1").write(written).unwrap(), 1);
    centre.log_in("1003", telephone("2002")).unwrap();
    assert_eq!(
        offers(&centre),
        [
            "2001 free",
            "2002 used by 1003 (Cy Twombly)",
            "2003 not registered since 2026-01-02T09:00:00Z",
            "2004 never registered",
            "2005 disabled",
            "2006 at leeds",
            "2007 free",
        ]
    );
    let seen = centre.store.phones_seen(Some(&t("default"))).unwrap();
    let registered = |number: &str| {
        seen.iter()
            .find(|phone| phone.number == t(number))
            .unwrap()
            .registration
    };
    assert_eq!(
        registered("2001"),
        Registration::Registered(Some(t("2026-01-01T09:00:00Z")))
    );
    let Registration::Registered(Some(since)) = registered("2007") else {
        panic!("2007 is not registered");
    };
    let bound = format!("select registered_at = '{since}' from peerage.sip_peer where number = '2007'");
    assert_eq!(centre.sql(&bound), "t");
    assert_eq!(
        registered("2003"),
        Registration::Absent(Some(t("2026-01-02T09:00:00Z")))
    );
    assert_eq!(registered("2004"), Registration::Absent(None));
    assert_eq!(seen.len(), 6, "the telephone at leeds is not of the site");
    assert_eq!(centre.store.phones_seen(None).unwrap().len(), 7);
}

#[test]
fn what_is_not_offered_is_refused_at_login_for_the_same_reason() {
    let centre = Centre::new();
    for phone in ["2004", "2005", "2006"] {
        centre.add_phone(phone);
    }
    centre.register("2001", None);
    centre.register("2003", Some("2026-01-02T09:00:00Z"));
    centre.exec("update peerage.sip_account set disabled = true where number = '2005'");
    centre.exec(&format!("{LEEDS} '2006'"));
    for (number, code, words) in [
        (
            "2003",
            RefusalCode::TelephoneNotRegistered,
            "phone 2003 has not been registered since 2026-01-02 09:00:00 UTC; check that it is switched on, or choose another one",
        ),
        (
            "2004",
            RefusalCode::TelephoneNotRegistered,
            "phone 2004 is not registered; check that it is switched on, or choose another one",
        ),
        (
            "2005",
            RefusalCode::TelephoneDisabled,
            "phone 2005 is disabled; choose another one, or ask an administrator to enable it",
        ),
        (
            "2006",
            RefusalCode::OtherSite,
            "phone 2006 is at site leeds, but the agent is at site default; choose a phone of site default",
        ),
        (
            "2999",
            RefusalCode::NoSuchTelephone,
            "there is no phone 2999; choose one from the list",
        ),
        // An agent's account is no telephone.
        (
            "1001",
            RefusalCode::NoSuchTelephone,
            "there is no phone 1001; choose one from the list",
        ),
    ] {
        centre.refuses(code, words, || centre.log_in("1003", telephone(number)));
    }
    assert!(centre.log_in("1003", telephone("2001")).unwrap());
}

#[test]
fn when_none_of_the_site_is_registered_all_free_ones_may_be_picked() {
    let centre = Centre::new();
    centre.add_phone("2004");
    centre.exec(&format!("{LEEDS} '2004'"));
    centre.register("2003", Some("2026-01-02T09:00:00Z"));
    // Registered elsewhere tells nothing of here.
    centre.register("2004", None);
    centre.log_in("1004", telephone("2002")).unwrap();
    assert_eq!(
        offers(&centre),
        [
            "2001 free",
            "2002 used by 1004 (Di Brown)",
            "2003 free",
            "2004 at leeds"
        ]
    );
    assert!(centre.log_in("1003", telephone("2003")).unwrap());
    // A telephone at a fixed host never registers, and is there all the same.
    centre.exec("update peerage.sip_account set host = '10.0.0.9' where number = '2001'");
    centre.log_out("1003").unwrap();
    assert_eq!(
        offers(&centre),
        [
            "2001 free",
            "2002 used by 1004 (Di Brown)",
            "2003 not registered since 2026-01-02T09:00:00Z",
            "2004 at leeds"
        ]
    );
}

#[test]
fn a_telephone_in_use_says_who_has_it_since_when_and_what_to_do() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    let words = |hint: &str| format!("phone 2001 is in use by agent 1003 (Cy Twombly) since T; {hint}");
    let ask = |actor| centre.store.log_in(&t("1004"), &at(telephone("2001")), &actor);
    let supervisors = words("choose another one, or ask a supervisor to release it");
    centre.refuses(RefusalCode::TelephoneInUse, &supervisors, || ask(own("1004")));
    let force = words("force it with a reason, which ends that session, or choose another one");
    centre.refuses(RefusalCode::TelephoneInUse, &force, || ask(supervisor()));
    // Asking for a take-over does not help where the site denies it.
    centre.refuses(RefusalCode::TelephoneInUse, &supervisors, || {
        centre
            .store
            .log_in(&t("1004"), &take_over(telephone("2001")), &own("1004"))
    });
    centre.let_take_over();
    let take = words("take it over, which ends that session, or choose another one");
    centre.refuses(RefusalCode::TelephoneInUse, &take, || ask(own("1004")));
}

#[test]
fn a_telephone_is_in_use_since_its_user_came_there_also_by_a_move() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.move_to("1003", telephone("2002")).unwrap();
    let Refusal::TelephoneInUse(in_use) = refusal(centre.log_in("1004", telephone("2002"))) else {
        panic!("another refusal");
    };
    let Some(NotOffered::InUse(listed)) = list(&centre).remove(1).not_offered else {
        panic!("it is offered");
    };
    assert_eq!(in_use.holder, listed);
    let moved = format!(
        "select began_at = '{}' from peerage.agent_place where phone_number = '2002'",
        listed.since
    );
    assert_eq!(centre.sql(&moved), "t");
    // The same of an interface that is no telephone.
    centre.set_agent("1002", |patch| patch.mobile = Some(Some(t("01701234"))));
    centre.log_in("1001", peerage_model::Choice::Internal).unwrap();
    centre.move_to("1001", peerage_model::Choice::Mobile).unwrap();
    let Refusal::InterfaceInUse(in_use) = refusal(centre.log_in("1002", peerage_model::Choice::Mobile)) else {
        panic!("another refusal");
    };
    let moved = format!(
        "select began_at = '{}' from peerage.agent_place where interface_kind = 'mobile'",
        in_use.holder.since
    );
    assert_eq!(centre.sql(&moved), "t");
}

#[test]
fn a_take_over_ends_the_other_session_and_says_by_whom() {
    let centre = Centre::new();
    centre.let_take_over();
    centre.log_in("1003", telephone("2001")).unwrap();
    assert!(
        centre
            .store
            .log_in(&t("1004"), &take_over(telephone("2001")), &own("1004"))
            .unwrap()
    );
    assert_eq!(centre.end("1003"), "take_over,,agent:1004");
    assert!(!centre.is_logged_in("1003"));
    assert_eq!(centre.members("1003"), "");
    assert_eq!(centre.members("1004"), "sales,0,\nsupport,0,");
    // One ends the instant the other begins.
    let moments = "select count(*) from (
      select ended_at from peerage.agent_session where agent_number = '1003'
      union
      select began_at from peerage.agent_session where agent_number = '1004'
    ) as moment";
    assert_eq!(centre.sql(moments), "1");
    // By a move as well.
    centre.log_in("1003", telephone("2002")).unwrap();
    let mut request = to(telephone("2001"));
    request.on_conflict = peerage_model::OnConflict::TakeOver;
    assert!(centre.store.move_agent(&t("1003"), &request, &own("1003")).unwrap());
    assert_eq!(centre.end("1004"), "take_over,,agent:1003");
    // Nothing in the way: nothing to take over.
    assert!(
        centre
            .store
            .log_in(&t("1004"), &take_over(telephone("2002")), &own("1004"))
            .unwrap()
    );
}

#[test]
fn who_may_force_gives_a_reason_that_the_loser_reads() {
    let centre = Centre::new();
    let login = |number: &str, reason, actor| {
        centre
            .store
            .log_in(&t(number), &force(telephone("2001"), reason), &actor)
    };
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.refuses(
        RefusalCode::ForceNeedsReason,
        "ending another agent's session by force needs a reason; enter a reason",
        || login("1004", None, supervisor()),
    );
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1004 may not end another agent's session; ask a supervisor or an administrator",
        || login("1004", Some("mine"), own("1004")),
    );
    centre.refuses(
        RefusalCode::NotPermitted,
        "peerage may not end another agent's session; ask a supervisor or an administrator",
        || login("1004", Some("mine"), system()),
    );
    assert!(login("1004", Some("went home"), supervisor()).unwrap());
    assert_eq!(centre.end("1003"), "supervisor,\"went home\",sue");
    assert!(login("1003", Some("wrong desk"), admin()).unwrap());
    assert_eq!(centre.end("1004"), "admin,\"wrong desk\",root");
}

#[test]
fn a_forced_move_ends_the_session_on_an_interface_that_is_no_telephone() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.log_in("1002", peerage_model::Choice::Internal).unwrap();
    let mut request = to(peerage_model::Choice::Phone);
    request.on_conflict = peerage_model::OnConflict::Force(Some(t("desk is Bo's")));
    assert!(centre.store.move_agent(&t("1002"), &request, &supervisor()).unwrap());
    assert_eq!(centre.end("1003"), "supervisor,\"desk is Bo's\",sue");
    let there = "select agent_number from peerage.agent_session where ended_at is null and interface = 'PJSIP/2001'";
    assert_eq!(centre.sql(there), "1002");
}

#[test]
fn a_supervisor_releases_a_stuck_telephone_and_says_why() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    let reason: EndReason = t("left without logging out");
    let release = |number: &str, reason, actor| centre.store.release_phone(&t(number), reason, &actor);
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1004 may not release a phone; ask a supervisor or an administrator",
        || release("2001", Some(&reason), own("1004")),
    );
    centre.refuses(
        RefusalCode::ForceNeedsReason,
        "ending another agent's session by force needs a reason; enter a reason",
        || release("2001", None, supervisor()),
    );
    assert!(release("2001", Some(&reason), supervisor()).unwrap());
    assert_eq!(centre.end("1003"), "supervisor,\"left without logging out\",sue");
    assert!(!centre.is_logged_in("1003"));
    // Free by now, and so is 2002.
    centre.changes_nothing(|| release("2001", Some(&reason), supervisor()));
    centre.changes_nothing(|| release("2002", None, admin()));
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1004 may not release a phone; ask a supervisor or an administrator",
        || release("2002", Some(&reason), own("1004")),
    );
    assert_eq!(
        failure(release("2999", Some(&reason), admin())),
        "there is no telephone `2999`"
    );
    // Whoever's calls ring there, by hot desk or by the phone field.
    centre.log_in("1002", peerage_model::Choice::Phone).unwrap();
    assert!(release("2001", Some(&reason), admin()).unwrap());
    assert_eq!(centre.end("1002"), "admin,\"left without logging out\",root");
}

#[test]
fn a_telephone_taken_under_the_other_driver_stays_in_use_when_the_site_changes() {
    let centre = Centre::new();
    centre.exec("update peerage.site set driver = 'sip'");
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.exec("update peerage.site set driver = 'pjsip'");
    assert_eq!(offers(&centre)[0], "2001 used by 1003 (Cy Twombly)");
    centre.refuses(
        RefusalCode::TelephoneInUse,
        "phone 2001 is in use by agent 1003 (Cy Twombly) since T; choose another one, or ask a supervisor to release it",
        || centre.log_in("1004", telephone("2001")),
    );
    // Even when a second one has come by the phone field, the list can be read, and each can be released.
    centre.log_in("1002", peerage_model::Choice::Phone).unwrap();
    let reason: EndReason = t("one telephone, two agents");
    for holder in ["2001 used by 1003 (Cy Twombly)", "2001 used by 1002 (Bo Diddley)"] {
        assert_eq!(offers(&centre)[0], holder);
        assert!(centre.store.release_phone(&t("2001"), Some(&reason), &admin()).unwrap());
    }
    assert_eq!(offers(&centre)[0], "2001 free");
}
