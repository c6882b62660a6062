//! Pauses: of all queues and of one, their reasons, and their ends.

use peerage_model::{Choice, PauseRequest, RefusalCode, SessionState, UnpauseRequest};

use super::support::{Centre, admin, because, in_queue, of_queue, own, supervisor, system, t};

/// All pauses, oldest first: queue, reason, who, forced, whether it counts from the pause itself, by whom ended.
fn pauses(centre: &Centre) -> String {
    centre.sql(
        "select queue_name, reason, actor, forced, paused_since = began_at, ended_by
         from peerage.agent_pause
         order by id",
    )
}

fn at_work() -> Centre {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre
}

#[test]
fn a_pause_of_all_queues_is_read_by_app_queue_in_each() {
    let centre = at_work();
    assert!(centre.pause("1001", &because("lunch")).unwrap());
    assert_eq!(centre.state("1001"), "paused,lunch");
    assert_eq!(centre.members("1001"), "sales,1,lunch\nsupport,1,lunch");
    assert_eq!(pauses(&centre), ",lunch,agent:1001,f,t,");
    centre.changes_nothing(|| centre.pause("1001", &because("lunch")));
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
    assert_eq!(pauses(&centre), ",lunch,agent:1001,f,t,agent:1001");
    centre.changes_nothing(|| centre.unpause("1001", &UnpauseRequest::default()));
    let timeline =
        "select state, reason, lead(began_at) over (order by id) = ended_at from peerage.agent_state order by id";
    assert_eq!(centre.sql(timeline), "available,,t\npaused,lunch,t\navailable,,");
}

#[test]
fn without_a_reason_it_is_the_default_or_the_supervisors() {
    let centre = at_work();
    let none = PauseRequest::default();
    assert!(centre.pause("1001", &none).unwrap());
    assert_eq!(centre.state("1001"), "paused,pause");
    assert!(centre.store.pause(&t("1001"), &none, &supervisor()).unwrap());
    assert_eq!(centre.state("1001"), "paused,supervisor");
    centre.changes_nothing(|| centre.store.pause(&t("1001"), &none, &admin()));
    assert_eq!(pauses(&centre), ",pause,agent:1001,f,t,sue\n,supervisor,sue,t,t,");
    // The agent ends what somebody else began.
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    // No default: none.
    centre.exec("update peerage.pause_reason set is_default = false");
    assert!(centre.pause("1001", &none).unwrap());
    assert_eq!(centre.state("1001"), "paused,");
    assert_eq!(centre.members("1001"), "sales,1,\nsupport,1,");
    centre.changes_nothing(|| centre.pause("1001", &none));
    assert!(
        centre
            .store
            .unpause(&t("1001"), &UnpauseRequest::default(), &supervisor())
            .unwrap()
    );
    assert!(pauses(&centre).ends_with("sue"));
}

#[test]
fn a_pause_of_one_queue_leaves_the_others_alone() {
    let centre = at_work();
    assert!(centre.pause("1001", &in_queue("sales", "lunch")).unwrap());
    assert_eq!(centre.state("1001"), "partly_paused,");
    assert_eq!(centre.members("1001"), "sales,1,lunch\nsupport,0,");
    centre.changes_nothing(|| centre.pause("1001", &in_queue("sales", "lunch")));
    centre.changes_nothing(|| centre.unpause("1001", &of_queue("support")));
    // All of them, one by one, is paused; the reason only where they agree.
    assert!(centre.pause("1001", &in_queue("support", "training")).unwrap());
    assert_eq!(centre.state("1001"), "paused,");
    assert!(centre.pause("1001", &in_queue("support", "lunch")).unwrap());
    assert_eq!(centre.state("1001"), "paused,lunch");
    assert!(centre.unpause("1001", &of_queue("sales")).unwrap());
    assert_eq!(centre.state("1001"), "partly_paused,");
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,1,lunch");
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(
        pauses(&centre),
        "sales,lunch,agent:1001,f,t,agent:1001\n\
         support,training,agent:1001,f,t,agent:1001\n\
         support,lunch,agent:1001,f,t,agent:1001"
    );
}

#[test]
fn unpausing_one_queue_under_a_pause_of_all_keeps_the_others_paused_as_they_were() {
    let centre = at_work();
    centre.store.assign(&t("billing"), &t("1001"), t("3")).unwrap();
    centre
        .store
        .pause(&t("1001"), &because("lunch"), &supervisor())
        .unwrap();
    assert!(centre.unpause("1001", &of_queue("sales")).unwrap());
    assert_eq!(centre.state("1001"), "partly_paused,");
    assert_eq!(centre.members("1001"), "billing,1,lunch\nsales,0,\nsupport,1,lunch");
    let kept = "select queue_name, reason, actor, forced,
        paused_since = (select paused_since from peerage.agent_pause where queue_id is null) as same_start,
        began_at = (select ended_at from peerage.agent_pause where queue_id is null) as no_gap,
        reason_id = (select id from peerage.pause_reason where code = 'lunch') as same_reason
      from peerage.agent_pause
      where ended_at is null
      order by queue_name";
    assert_eq!(centre.sql(kept), "billing,lunch,sue,t,t,t,t\nsupport,lunch,sue,t,t,t,t");
    // What the model would say of them.
    let session = centre.store.situation(&t("1001")).unwrap().session.unwrap();
    assert_eq!(session.pauses.state(&session.queues), SessionState::PartlyPaused);
    assert_eq!(session.pauses.all, None);
    assert_eq!(session.pauses.single.len(), 2);
    assert!(centre.unpause("1001", &of_queue("billing")).unwrap());
    assert!(centre.unpause("1001", &of_queue("support")).unwrap());
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn under_a_pause_of_all_one_queue_may_have_a_reason_of_its_own() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    centre.changes_nothing(|| centre.pause("1001", &in_queue("sales", "lunch")));
    assert!(centre.pause("1001", &in_queue("sales", "training")).unwrap());
    assert_eq!(centre.members("1001"), "sales,1,training\nsupport,1,lunch");
    assert_eq!(centre.state("1001"), "paused,lunch");
    // It outlives the pause of all when another queue is unpaused.
    assert!(centre.unpause("1001", &of_queue("support")).unwrap());
    assert_eq!(centre.members("1001"), "sales,1,training\nsupport,0,");
    // And goes when all are paused anew.
    assert!(centre.pause("1001", &because("lunch")).unwrap());
    assert_eq!(centre.members("1001"), "sales,1,lunch\nsupport,1,lunch");
}

#[test]
fn a_second_reason_replaces_the_first_and_both_are_recorded() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    assert!(centre.pause("1001", &because("training")).unwrap());
    assert_eq!(centre.state("1001"), "paused,training");
    assert_eq!(centre.members("1001"), "sales,1,training\nsupport,1,training");
    assert_eq!(
        pauses(&centre),
        ",lunch,agent:1001,f,t,agent:1001\n,training,agent:1001,f,t,"
    );
    let seam = "select count(*) from peerage.agent_pause as one
        join peerage.agent_pause as next on next.began_at = one.ended_at";
    assert_eq!(centre.sql(seam), "1");
    let timeline = "select state, reason from peerage.agent_state order by id";
    assert_eq!(centre.sql(timeline), "available,\npaused,lunch\npaused,training");
}

#[test]
fn who_is_not_at_work_neither_pauses_nor_unpauses() {
    let centre = Centre::new();
    let words = "agent 1001 (Ada King) is not logged in; log in first";
    centre.refuses(RefusalCode::NotLoggedIn, words, || {
        centre.pause("1001", &because("lunch"))
    });
    centre.refuses(RefusalCode::NotLoggedIn, words, || {
        centre.unpause("1001", &UnpauseRequest::default())
    });
}

#[test]
fn a_reason_is_one_that_agents_are_offered() {
    let centre = at_work();
    centre.refuses(
        RefusalCode::UnknownReason,
        "there is no pause reason Lunch; use one of lunch, pause, training",
        || centre.pause("1001", &because("Lunch")),
    );
    for code in ["login", "after-call", "Auto-Pause", "supervisor", "connection-lost"] {
        centre.refuses(
            RefusalCode::ReasonNotOffered,
            &format!("agents may not use the pause reason {code}; use one of lunch, pause, training"),
            || centre.pause("1001", &because(code)),
        );
    }
    centre.refuses(
        RefusalCode::UnknownReason,
        "there is no pause reason dentist; use one of lunch, pause, training",
        || centre.store.pause(&t("1001"), &because("dentist"), &supervisor()),
    );
    // Others than agents are not held to what agents are offered.
    assert!(
        centre
            .store
            .pause(&t("1001"), &because("connection-lost"), &supervisor())
            .unwrap()
    );
    assert!(
        centre
            .store
            .pause(&t("1001"), &because("whatever it says"), &system())
            .unwrap()
    );
    assert_eq!(centre.state("1001"), "paused,\"whatever it says\"");
}

#[test]
fn a_queue_is_one_that_the_agent_is_in() {
    let centre = at_work();
    for queue in ["billing", "nowhere"] {
        let words = format!("agent 1001 is not in queue {queue}; use one of sales, support");
        centre.refuses(RefusalCode::NotInQueue, &words, || {
            centre.pause("1001", &in_queue(queue, "lunch"))
        });
        centre.refuses(RefusalCode::NotInQueue, &words, || {
            centre.unpause("1001", &of_queue(queue))
        });
    }
}

#[test]
fn pausing_one_queue_can_be_taken_away_from_the_agent_alone() {
    let centre = at_work();
    centre.set_agent("1001", |patch| patch.permissions.pause_one_queue = Some(false));
    let words = "agent:1001 may not pause in one queue instead of all; ask a supervisor or an administrator";
    centre.refuses(RefusalCode::NotPermitted, words, || {
        centre.pause("1001", &in_queue("sales", "lunch"))
    });
    assert!(centre.pause("1001", &because("lunch")).unwrap());
    centre.refuses(RefusalCode::NotPermitted, words, || {
        centre.unpause("1001", &of_queue("sales"))
    });
    let others = "agent:1002 may not act for another agent; ask a supervisor or an administrator";
    centre.refuses(RefusalCode::NotPermitted, others, || {
        centre.store.pause(&t("1001"), &because("lunch"), &own("1002"))
    });
    centre.refuses(RefusalCode::NotPermitted, others, || {
        centre
            .store
            .unpause(&t("1001"), &UnpauseRequest::default(), &own("1002"))
    });
    assert!(
        centre
            .store
            .unpause(&t("1001"), &of_queue("sales"), &supervisor())
            .unwrap()
    );
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
}

#[test]
fn a_reason_that_is_no_more_keeps_its_text_in_history() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    centre.store.remove_pause_reason(&t("lunch")).unwrap();
    assert_eq!(centre.state("1001"), "paused,lunch");
    assert_eq!(
        centre.sql("select reason, reason_id from peerage.agent_pause"),
        "lunch,"
    );
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.sql("select reason, label from report.pauses"), "lunch,");
}
