//! Pauses: of all queues, of one, and what is left of the one when the other ends.

use peerage_model::*;

use crate::state_fixture::*;

fn ask(situation: &Situation, queue: Option<&str>, reason: Option<&str>, by: &Actor) -> Result<PauseDecision, Refusal> {
    let request = PauseRequest {
        reason: reason.map(t),
        queue: queue.map(t),
    };
    decide_pause(situation, &request, by)
}

fn end(situation: &Situation, queue: Option<&str>, by: &Actor) -> Result<UnpauseDecision, Refusal> {
    decide_unpause(situation, &UnpauseRequest { queue: queue.map(t) }, by)
}

fn code<T: std::fmt::Debug>(decision: Result<T, Refusal>) -> RefusalCode {
    decision.unwrap_err().code()
}

/// The reason of the pause that begins.
fn begun(decision: Result<PauseDecision, Refusal>) -> Option<String> {
    match decision {
        Ok(PauseDecision::Pause { reason, .. }) => reason.map(|reason| reason.to_string()),
        other => panic!("no pause begins: {other:?}"),
    }
}

#[test]
fn a_pause_without_a_reason_has_the_default_one() {
    assert_eq!(
        begun(ask(&ada_at_work(), None, None, &herself())).as_deref(),
        Some("pause")
    );
    let mut situation = ada_at_work();
    situation.reasons.remove(0);
    assert_eq!(begun(ask(&situation, None, None, &herself())), None);
}

#[test]
fn a_supervisor_who_says_nothing_is_the_reason() {
    for actor in [supervisor(), admin()] {
        let decision = ask(&ada_at_work(), None, None, &actor);
        assert_eq!(begun(decision).as_deref(), Some("supervisor"));
    }
}

#[test]
fn a_pause_is_forced_when_somebody_else_begins_it() {
    for (actor, expected) in [(herself(), false), (supervisor(), true), (asterisk(), true)] {
        let Ok(PauseDecision::Pause { forced, .. }) = ask(&ada_at_work(), None, Some("lunch"), &actor) else {
            panic!("no pause begins");
        };
        assert_eq!(forced, expected, "{}", actor.name);
    }
}

#[test]
fn an_unknown_reason_is_refused_to_people_and_taken_from_asterisk() {
    for actor in [herself(), supervisor(), admin()] {
        let refused = code(ask(&ada_at_work(), None, Some("Lunch"), &actor));
        assert_eq!(refused, RefusalCode::UnknownReason);
    }
    let decision = ask(&ada_at_work(), None, Some("out of coffee"), &asterisk());
    assert_eq!(begun(decision).as_deref(), Some("out of coffee"));
}

#[test]
fn a_reason_that_is_not_offered_is_refused_to_agents_alone() {
    let refused = code(ask(&ada_at_work(), None, Some("after-call"), &herself()));
    assert_eq!(refused, RefusalCode::ReasonNotOffered);
    for actor in [supervisor(), admin(), asterisk()] {
        begun(ask(&ada_at_work(), None, Some("after-call"), &actor));
    }
}

#[test]
fn one_queue_needs_membership_and_the_permission() {
    let mut situation = ada_at_work();
    assert_eq!(
        code(ask(&situation, Some("billing"), None, &herself())),
        RefusalCode::NotInQueue
    );
    begun(ask(&situation, Some("sales"), None, &herself()));
    situation.permissions.pause_one_queue = false;
    for decision in [
        code(ask(&situation, Some("sales"), None, &herself())),
        code(end(&situation, Some("sales"), &herself())),
    ] {
        assert_eq!(decision, RefusalCode::NotPermitted);
    }
    begun(ask(&situation, Some("sales"), None, &supervisor()));
    begun(ask(&situation, None, None, &herself()));
}

#[test]
fn nobody_pauses_who_is_not_logged_in() {
    assert_eq!(code(ask(&ada(), None, None, &herself())), RefusalCode::NotLoggedIn);
    assert_eq!(code(end(&ada(), None, &herself())), RefusalCode::NotLoggedIn);
}

#[test]
fn an_agent_pauses_nobody_else() {
    assert_eq!(
        code(ask(&ada_at_work(), None, None, &another_agent())),
        RefusalCode::NotPermitted
    );
    assert_eq!(
        code(end(&ada_at_work(), None, &another_agent())),
        RefusalCode::NotPermitted
    );
}

#[test]
fn the_same_pause_again_changes_nothing_and_another_reason_replaces_it() {
    let situation = paused(pauses(Some("lunch"), &[]));
    for queue in [None, Some("sales")] {
        let again = ask(&situation, queue, Some("lunch"), &herself());
        assert_eq!(again, Ok(PauseDecision::Unchanged));
        let other = ask(&situation, queue, Some("pause"), &herself());
        assert_eq!(begun(other).as_deref(), Some("pause"));
    }
}

#[test]
fn a_pause_of_one_queue_is_not_one_of_all() {
    let situation = paused(pauses(None, &[("sales", "lunch")]));
    begun(ask(&situation, None, Some("lunch"), &herself()));
    begun(ask(&situation, Some("support"), Some("lunch"), &herself()));
    let again = ask(&situation, Some("sales"), Some("lunch"), &herself());
    assert_eq!(again, Ok(PauseDecision::Unchanged));
}

#[test]
fn unpausing_what_is_not_paused_changes_nothing() {
    assert_eq!(end(&ada_at_work(), None, &herself()), Ok(UnpauseDecision::Unchanged));
    let situation = paused(pauses(None, &[("sales", "lunch")]));
    assert_eq!(
        end(&situation, Some("support"), &herself()),
        Ok(UnpauseDecision::Unchanged)
    );
    assert_eq!(
        code(end(&situation, Some("billing"), &herself())),
        RefusalCode::NotInQueue
    );
}

#[test]
fn unpausing_one_queue_leaves_the_others_paused_since_the_same_moment() {
    let situation = paused(pauses(Some("lunch"), &[]));
    let expected = UnpauseDecision::Unpause {
        queue: Some(t("sales")),
        keeps: vec![(t("support"), pause("lunch"))],
        withdraws_logout: false,
    };
    assert_eq!(end(&situation, Some("sales"), &herself()), Ok(expected));
}

#[test]
fn a_queue_with_a_pause_of_its_own_keeps_it_when_another_is_unpaused() {
    let mut both = pauses(Some("lunch"), &[("support", "pause")]);
    assert!(both.unpause(Some(&t("sales")), &queues(&["sales", "support"])));
    assert_eq!(both, pauses(None, &[("support", "pause")]));
}

#[test]
fn unpausing_without_a_queue_ends_every_pause() {
    let mut both = pauses(Some("lunch"), &[("support", "pause")]);
    assert!(both.unpause(None, &queues(&["sales", "support"])));
    assert!(both.is_empty());
    assert!(!both.unpause(None, &queues(&["sales", "support"])));
}

#[test]
fn a_pause_of_all_takes_the_place_of_single_ones() {
    let mut single = pauses(None, &[("sales", "lunch"), ("support", "pause")]);
    assert!(single.pause(None, pause("lunch")));
    assert_eq!(single, pauses(Some("lunch"), &[]));
    assert!(!single.pause(None, pause("lunch")));
}

#[test]
fn an_unpause_withdraws_the_logout_that_waits() {
    let mut situation = ada_at_work();
    situation.session.as_mut().unwrap().leaving = Some(Leaving {
        by: "ada".to_owned(),
        cause: EndCause::Agent,
        reason: None,
    });
    let expected = UnpauseDecision::Unpause {
        queue: None,
        keeps: Vec::new(),
        withdraws_logout: true,
    };
    assert_eq!(end(&situation, None, &herself()), Ok(expected));
}

#[test]
fn a_session_is_paused_when_all_its_queues_are() {
    let both = queues(&["sales", "support"]);
    let lunch = || SessionState::Paused(Some(t("lunch")));
    for (pauses, expected) in [
        (pauses(None, &[]), SessionState::Available),
        (pauses(None, &[("sales", "lunch")]), SessionState::PartlyPaused),
        (pauses(None, &[("sales", "lunch"), ("support", "lunch")]), lunch()),
        (
            pauses(None, &[("sales", "lunch"), ("support", "pause")]),
            SessionState::Paused(None),
        ),
        (pauses(Some("lunch"), &[("sales", "pause")]), lunch()),
        (pauses(None, &[("billing", "lunch")]), SessionState::Available),
    ] {
        assert_eq!(pauses.state(&both), expected, "{pauses:?}");
    }
    assert_eq!(pauses(Some("lunch"), &[]).state(&queues(&[])), lunch());
}

#[test]
fn a_queue_joined_under_a_pause_of_all_is_paused_too() {
    let all = pauses(Some("lunch"), &[("sales", "pause")]);
    assert_eq!(all.of(&t("billing")), Some(&pause("lunch")));
    assert_eq!(all.of(&t("sales")), Some(&pause("pause")));
}
