//! Logout, now and after the call, and the release of a telephone.

use peerage_model::*;

use crate::state_fixture::*;

fn leave(situation: &Situation, time: LogoutTime, actor: &Actor) -> Result<LogoutDecision, Refusal> {
    let request = LogoutRequest {
        time,
        reason: Some(t("end of shift")),
    };
    decide_logout(situation, &request, actor)
}

fn leaving(by: Actor) -> Situation {
    let mut situation = ada_at_work();
    situation.session.as_mut().unwrap().leaving = Some(Leaving {
        cause: by.end_cause(),
        by: by.name,
        reason: None,
    });
    situation
}

#[test]
fn a_logout_ends_the_session_with_the_cause_of_the_actor() {
    for (actor, cause) in [
        (herself(), EndCause::Agent),
        (supervisor(), EndCause::Supervisor),
        (admin(), EndCause::Admin),
        (asterisk(), EndCause::Disconnection),
    ] {
        let expected = LogoutDecision::End(SessionEnd {
            cause,
            reason: Some(t("end of shift")),
        });
        assert_eq!(leave(&ada_at_work(), LogoutTime::Now, &actor), Ok(expected));
    }
}

#[test]
fn logging_out_again_changes_nothing() {
    for time in [LogoutTime::Now, LogoutTime::AfterCall] {
        assert_eq!(leave(&ada(), time, &herself()), Ok(LogoutDecision::Unchanged));
    }
}

#[test]
fn a_logout_after_the_call_pauses_until_then() {
    let expected = LogoutDecision::AfterCall {
        paused: SystemReason::AfterCall.into(),
        cause: EndCause::Agent,
        reason: Some(t("end of shift")),
    };
    assert_eq!(leave(&ada_at_work(), LogoutTime::AfterCall, &herself()), Ok(expected));
}

#[test]
fn who_is_leaving_can_still_log_out_at_once() {
    let situation = leaving(herself());
    assert_eq!(
        leave(&situation, LogoutTime::AfterCall, &herself()),
        Ok(LogoutDecision::Unchanged)
    );
    assert!(matches!(
        leave(&situation, LogoutTime::Now, &herself()),
        Ok(LogoutDecision::End(_))
    ));
}

#[test]
fn the_logout_that_waited_ends_the_session_for_whoever_asked() {
    for (actor, cause) in [(herself(), EndCause::Agent), (supervisor(), EndCause::Supervisor)] {
        let expected = SessionEnd { cause, reason: None };
        assert_eq!(decide_after_call(&leaving(actor)), Some(expected));
    }
    assert_eq!(decide_after_call(&ada_at_work()), None);
    assert_eq!(decide_after_call(&ada()), None);
}

#[test]
fn an_agent_logs_out_only_with_the_permission() {
    let refused = |situation: &Situation, time| leave(situation, time, &herself()).map_err(|refusal| refusal.code());
    let mut situation = ada_at_work();
    situation.permissions.request_after_call = false;
    assert_eq!(
        refused(&situation, LogoutTime::AfterCall),
        Err(RefusalCode::NotPermitted)
    );
    assert!(refused(&situation, LogoutTime::Now).is_ok());
    situation.permissions.log_out = false;
    assert_eq!(refused(&situation, LogoutTime::Now), Err(RefusalCode::NotPermitted));
    assert!(leave(&situation, LogoutTime::Now, &supervisor()).is_ok());
}

#[test]
fn an_agent_logs_out_nobody_else() {
    let refusal = leave(&ada_at_work(), LogoutTime::Now, &another_agent()).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::NotPermitted);
}

#[test]
fn a_supervisor_releases_a_telephone_and_says_why() {
    let mut phone = telephone("200");
    phone.used_by = Some(bo_on("PJSIP/200"));
    let expected = ReleaseDecision::End(EndOther {
        agent: t("1002"),
        cause: EndCause::Supervisor,
        reason: Some(t("went home")),
    });
    assert_eq!(
        decide_release(&phone, Some(&t("went home")), &supervisor()),
        Ok(expected)
    );
    assert_eq!(
        decide_release(&phone, None, &supervisor()),
        Err(Refusal::ForceNeedsReason)
    );
}

#[test]
fn releasing_a_free_telephone_changes_nothing() {
    assert_eq!(
        decide_release(&telephone("200"), None, &supervisor()),
        Ok(ReleaseDecision::Unchanged)
    );
}

#[test]
fn neither_an_agent_nor_the_system_releases_a_telephone() {
    let mut phone = telephone("200");
    for used_by in [None, Some(bo_on("PJSIP/200"))] {
        phone.used_by = used_by;
        for actor in [herself(), asterisk()] {
            let refusal = decide_release(&phone, Some(&t("mine")), &actor).unwrap_err();
            assert_eq!(refusal.code(), RefusalCode::NotPermitted);
        }
    }
}
