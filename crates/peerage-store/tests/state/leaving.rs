//! Logging out, now or after the call.

use peerage_model::{Actor, Choice, LogoutRequest, LogoutTime, RefusalCode};

use super::support::{Centre, Outcome, admin, because, in_queue, of_queue, own, supervisor, system, t};

fn after_call(centre: &Centre, actor: &Actor, reason: Option<&str>) -> Outcome {
    let request = LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: reason.map(t),
    };
    centre.store.log_out(&t("1001"), &request, actor)
}

fn call_ends(centre: &Centre) -> Outcome {
    centre.store.after_call(&t("1001"), &system())
}

/// Asker, cause, reason, outcome of each request, oldest first.
fn requests(centre: &Centre) -> String {
    centre.sql(
        "select requested_by, cause, reason, outcome
         from peerage.agent_request
         order by id",
    )
}

#[test]
fn a_logout_ends_pauses_memberships_and_session_at_one_moment() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &because("lunch")).unwrap();
    centre.pause("1001", &in_queue("sales", "training")).unwrap();
    assert!(centre.log_out("1001").unwrap());
    assert_eq!(centre.end("1001"), "agent,,agent:1001");
    assert_eq!(
        centre.sql("select count(*) from peerage.queue_login where session_id is not null"),
        "0"
    );
    let moments = "select ended_at from peerage.agent_session
      union
      select ended_at from peerage.agent_place
      union
      select ended_at from peerage.agent_pause
      union (select ended_at from peerage.agent_state order by id desc limit 1)";
    assert_eq!(
        centre.sql(&format!("select count(*), count(ended_at) from ({moments}) as moment")),
        "1,1"
    );
    assert_eq!(
        centre.sql("select distinct ended_by from peerage.agent_pause"),
        "agent:1001"
    );
    let mut node = centre.node("pbx1");
    assert_eq!(node.read("select queue_name from queue_members"), "peerage-probe");
}

#[test]
fn the_cause_of_a_logout_is_who_asks_for_it() {
    let centre = Centre::new();
    for (actor, end) in [
        (own("1001"), "agent,\"see you\",agent:1001"),
        (supervisor(), "supervisor,\"see you\",sue"),
        (admin(), "admin,\"see you\",root"),
        (system(), "disconnection,\"see you\",peerage"),
    ] {
        centre.log_in("1001", Choice::Internal).unwrap();
        let request = LogoutRequest {
            time: LogoutTime::Now,
            reason: Some(t("see you")),
        };
        assert!(centre.store.log_out(&t("1001"), &request, &actor).unwrap());
        assert_eq!(centre.end("1001"), end);
    }
}

#[test]
fn who_is_logged_out_logs_out_without_a_change() {
    let centre = Centre::new();
    for actor in [own("1001"), supervisor()] {
        centre.changes_nothing(|| centre.store.log_out(&t("1001"), &LogoutRequest::default(), &actor));
        centre.changes_nothing(|| after_call(&centre, &actor, None));
    }
    centre.changes_nothing(|| call_ends(&centre));
}

#[test]
fn a_logout_after_the_call_pauses_until_the_call_has_ended() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.changes_nothing(|| call_ends(&centre));
    assert!(after_call(&centre, &own("1001"), Some("shift is over")).unwrap());
    assert!(centre.is_logged_in("1001"));
    assert_eq!(centre.state("1001"), "paused,after-call");
    assert_eq!(centre.members("1001"), "sales,1,after-call\nsupport,1,after-call");
    assert_eq!(requests(&centre), "agent:1001,agent,\"shift is over\",");
    // Asked for already.
    centre.changes_nothing(|| after_call(&centre, &own("1001"), None));
    centre.changes_nothing(|| after_call(&centre, &supervisor(), Some("I said so")));
    assert!(call_ends(&centre).unwrap());
    // Who asked ended it, whoever carried it out.
    assert_eq!(centre.end("1001"), "agent,\"shift is over\",agent:1001");
    assert_eq!(requests(&centre), "agent:1001,agent,\"shift is over\",done");
    centre.changes_nothing(|| call_ends(&centre));
}

#[test]
fn a_supervisors_request_ends_the_session_as_the_supervisors() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert!(after_call(&centre, &supervisor(), Some("desk is needed")).unwrap());
    let pause = "select reason, actor, forced from peerage.agent_pause";
    assert_eq!(centre.sql(pause), "after-call,sue,t");
    assert!(call_ends(&centre).unwrap());
    assert_eq!(centre.end("1001"), "supervisor,\"desk is needed\",sue");
}

#[test]
fn any_unpause_withdraws_the_logout() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let mut node = centre.node("pbx1");
    for (how, state) in [
        ("all", "available,"),
        ("one", "partly_paused,"),
        ("asterisk", "partly_paused,"),
    ] {
        assert!(after_call(&centre, &own("1001"), None).unwrap());
        match how {
            "all" => assert!(centre.unpause("1001", &Default::default()).unwrap()),
            "one" => assert!(centre.unpause("1001", &of_queue("sales")).unwrap()),
            _ => {
                let member = centre.uniqueid("1001", "sales");
                assert_eq!(node.update(&member, "reason_paused = '', paused = '0'"), 1);
            }
        }
        assert_eq!(centre.state("1001"), state, "{how}");
        assert!(
            requests(&centre).ends_with(",withdrawn"),
            "{how}: {}",
            requests(&centre)
        );
        centre.changes_nothing(|| call_ends(&centre));
        assert!(centre.is_logged_in("1001"));
    }
}

#[test]
fn a_logout_now_does_what_was_asked_for_after_the_call() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    after_call(&centre, &own("1001"), Some("later")).unwrap();
    assert!(
        centre
            .store
            .log_out(&t("1001"), &LogoutRequest::default(), &supervisor())
            .unwrap()
    );
    assert_eq!(centre.end("1001"), "supervisor,,sue");
    assert_eq!(requests(&centre), "agent:1001,agent,later,done");
    // The next session knows nothing of it.
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.changes_nothing(|| call_ends(&centre));
}

#[test]
fn another_pause_does_not_withdraw_the_logout() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    after_call(&centre, &own("1001"), None).unwrap();
    assert!(centre.pause("1001", &because("lunch")).unwrap());
    assert!(centre.move_to("1001", Choice::Mobile).unwrap());
    assert!(call_ends(&centre).unwrap());
    assert_eq!(centre.end("1001"), "agent,,agent:1001");
}

#[test]
fn logging_out_can_be_taken_away_from_the_agent_alone() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.set_agent("1001", |patch| patch.permissions.request_after_call = Some(false));
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1001 may not request a logout after the call; ask a supervisor or an administrator",
        || after_call(&centre, &own("1001"), None),
    );
    centre.set_agent("1001", |patch| patch.permissions.log_out = Some(false));
    for now in [true, false] {
        centre.refuses(
            RefusalCode::NotPermitted,
            "agent:1001 may not log out; ask a supervisor or an administrator",
            || {
                if now {
                    centre.log_out("1001")
                } else {
                    after_call(&centre, &own("1001"), None)
                }
            },
        );
    }
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1002 may not act for another agent; ask a supervisor or an administrator",
        || {
            centre
                .store
                .log_out(&t("1001"), &LogoutRequest::default(), &own("1002"))
        },
    );
    assert!(after_call(&centre, &supervisor(), None).unwrap());
    assert!(
        centre
            .store
            .log_out(&t("1001"), &LogoutRequest::default(), &supervisor())
            .unwrap()
    );
}
