//! Login and move: where calls ring, and who is in the way.

use peerage_model::*;

use crate::state_fixture::*;

fn login(situation: &Situation, choice: Option<Choice>, actor: &Actor) -> Result<LoginDecision, Refusal> {
    let request = LoginRequest {
        choice,
        ..LoginRequest::default()
    };
    decide_login(situation, &request, actor)
}

fn login_anyway(situation: &Situation, on_conflict: OnConflict, actor: &Actor) -> Result<LoginDecision, Refusal> {
    let request = LoginRequest {
        choice: Some(Choice::Telephone(t("202"))),
        on_conflict,
    };
    decide_login(situation, &request, actor)
}

fn move_to(situation: &Situation, choice: Choice, actor: &Actor) -> Result<MoveDecision, Refusal> {
    let request = MoveRequest {
        choice,
        on_conflict: OnConflict::Refuse,
    };
    decide_move(situation, &request, actor)
}

fn to(telephone: &str) -> Option<Choice> {
    Some(Choice::Telephone(t(telephone)))
}

/// The kind and the interface of the session that begins.
fn begun(decision: Result<LoginDecision, Refusal>) -> (InterfaceKind, String) {
    match decision {
        Ok(LoginDecision::Begin(session)) => (session.place.kind, session.place.interface.to_string()),
        other => panic!("no session begins: {other:?}"),
    }
}

fn code<T: std::fmt::Debug>(decision: Result<T, Refusal>) -> RefusalCode {
    decision.unwrap_err().code()
}

#[test]
fn a_login_without_a_choice_is_internal() {
    let expected = (InterfaceKind::Internal, "PJSIP/1001".to_owned());
    assert_eq!(begun(login(&ada(), None, &herself())), expected);
    assert_eq!(begun(login(&ada(), Some(Choice::Internal), &herself())), expected);
}

#[test]
fn the_driver_of_the_site_gives_the_technology() {
    let situation = Situation {
        driver: Driver::Sip,
        ..ada()
    };
    assert_eq!(begun(login(&situation, None, &herself())).1, "SIP/1001");
}

#[test]
fn phone_is_the_outside_number_of_the_phone_field() {
    let expected = (InterfaceKind::Phone, "Local/+49301234@peerage-outbound/n".to_owned());
    assert_eq!(begun(login(&ada(), Some(Choice::Phone), &herself())), expected);
}

#[test]
fn phone_is_the_account_that_the_phone_field_names() {
    let situation = Situation {
        phone: Some(t("1009")),
        phone_account: Some(NamedAccount {
            number: t("1009"),
            driver: Driver::Sip,
            disabled: false,
        }),
        ..ada()
    };
    let expected = (InterfaceKind::Phone, "SIP/1009".to_owned());
    assert_eq!(begun(login(&situation, Some(Choice::Phone), &herself())), expected);
}

#[test]
fn a_phone_field_that_names_a_disabled_account_is_refused() {
    let mut situation = ada();
    situation.phone_account = Some(NamedAccount {
        number: t("1009"),
        driver: Driver::Pjsip,
        disabled: true,
    });
    let refusal = login(&situation, Some(Choice::Phone), &herself()).unwrap_err();
    assert_eq!(refusal, Refusal::AccountDisabled { number: t("1009") });
}

#[test]
fn a_phone_field_that_is_neither_account_nor_outside_number_is_refused() {
    let situation = Situation {
        phone: Some(t("desk-9")),
        ..ada()
    };
    assert_eq!(
        code(login(&situation, Some(Choice::Phone), &herself())),
        RefusalCode::NoSuchInterface
    );
}

#[test]
fn mobile_is_there_only_with_a_mobile_number() {
    let expected = (InterfaceKind::Mobile, "Local/01701234@peerage-outbound/n".to_owned());
    assert_eq!(begun(login(&ada(), Some(Choice::Mobile), &herself())), expected);
    let without = Situation { mobile: None, ..ada() };
    assert_eq!(
        code(login(&without, Some(Choice::Mobile), &herself())),
        RefusalCode::NoSuchInterface
    );
}

#[test]
fn a_hot_desk_agent_must_pick_a_telephone() {
    for choice in [None, Some(Choice::Internal), Some(Choice::Phone), Some(Choice::Mobile)] {
        let refusal = login(&hot_desk_ada(), choice, &herself()).unwrap_err();
        let expected = Refusal::ChooseATelephone {
            agent: t("1001"),
            free: vec![t("200"), t("201")],
        };
        assert_eq!(refusal, expected);
    }
    let expected = (InterfaceKind::HotDesk, "PJSIP/201".to_owned());
    assert_eq!(begun(login(&hot_desk_ada(), to("201"), &herself())), expected);
}

#[test]
fn an_agent_without_hot_desk_cannot_pick_a_telephone() {
    assert_eq!(code(login(&ada(), to("200"), &herself())), RefusalCode::NoHotDesk);
}

#[test]
fn a_telephone_that_is_not_offered_is_refused_for_its_reason() {
    for (telephone, expected) in [
        ("202", RefusalCode::TelephoneInUse),
        ("203", RefusalCode::TelephoneNotRegistered),
        ("204", RefusalCode::TelephoneDisabled),
        ("300", RefusalCode::OtherSite),
        ("999", RefusalCode::NoSuchTelephone),
    ] {
        let refused = code(login(&hot_desk_ada(), to(telephone), &herself()));
        assert_eq!(refused, expected, "{telephone}");
    }
}

#[test]
fn a_free_telephone_can_be_picked_when_none_is_registered() {
    let mut situation = hot_desk_ada();
    for phone in situation
        .phones
        .iter_mut()
        .filter(|phone| phone.number.as_str() < "204")
    {
        phone.registration = Registration::Absent(None);
    }
    assert_eq!(begun(login(&situation, to("203"), &herself())).1, "PJSIP/203");
    assert_eq!(
        code(login(&situation, to("202"), &herself())),
        RefusalCode::TelephoneInUse
    );
}

#[test]
fn a_telephone_in_use_can_be_taken_over_where_the_site_lets_everybody() {
    let mut situation = hot_desk_ada();
    assert_eq!(
        code(login_anyway(&situation, OnConflict::TakeOver, &herself())),
        RefusalCode::TelephoneInUse
    );
    situation.conflict_policy = ConflictPolicy::TakeOver;
    let Ok(LoginDecision::Begin(session)) = login_anyway(&situation, OnConflict::TakeOver, &herself()) else {
        panic!("not taken over");
    };
    let expected = EndOther {
        agent: t("1002"),
        cause: EndCause::TakeOver,
        reason: None,
    };
    assert_eq!(session.ends, Some(expected));
}

#[test]
fn nothing_is_taken_over_unless_asked_for() {
    let mut situation = hot_desk_ada();
    situation.conflict_policy = ConflictPolicy::TakeOver;
    let Err(Refusal::TelephoneInUse(in_use)) = login(&situation, to("202"), &herself()) else {
        panic!("not refused");
    };
    assert_eq!(in_use.remedy, ConflictRemedy::TakeOver);
}

#[test]
fn a_supervisor_forces_with_a_reason_whatever_the_policy() {
    for (actor, cause) in [(supervisor(), EndCause::Supervisor), (admin(), EndCause::Admin)] {
        let force = OnConflict::Force(Some(t("went home")));
        let Ok(LoginDecision::Begin(session)) = login_anyway(&hot_desk_ada(), force, &actor) else {
            panic!("not forced");
        };
        let expected = EndOther {
            agent: t("1002"),
            cause,
            reason: Some(t("went home")),
        };
        assert_eq!(session.ends, Some(expected));
        let silent = login_anyway(&hot_desk_ada(), OnConflict::Force(None), &actor);
        assert_eq!(code(silent), RefusalCode::ForceNeedsReason);
    }
}

#[test]
fn neither_an_agent_nor_the_system_may_force() {
    for actor in [herself(), asterisk()] {
        let force = OnConflict::Force(Some(t("mine")));
        assert_eq!(
            code(login_anyway(&hot_desk_ada(), force, &actor)),
            RefusalCode::NotPermitted
        );
    }
}

#[test]
fn force_frees_a_telephone_but_does_not_register_it() {
    let mut situation = hot_desk_ada();
    situation.phones[2].registration = Registration::Absent(None);
    let force = OnConflict::Force(Some(t("went home")));
    assert_eq!(
        code(login_anyway(&situation, force, &supervisor())),
        RefusalCode::TelephoneNotRegistered
    );
}

#[test]
fn a_telephone_held_under_another_driver_is_in_use_all_the_same() {
    let mut situation = hot_desk_ada();
    situation.phones[2].used_by = Some(bo_on("SIP/202"));
    assert_eq!(
        code(login(&situation, to("202"), &herself())),
        RefusalCode::TelephoneInUse
    );
}

#[test]
fn an_interface_that_another_agent_has_is_refused_or_forced() {
    let mut situation = ada();
    situation.holders = vec![bo_on("PJSIP/1001")];
    assert_eq!(code(login(&situation, None, &herself())), RefusalCode::InterfaceInUse);
    let request = LoginRequest {
        choice: None,
        on_conflict: OnConflict::Force(Some(t("her own"))),
    };
    let decision = decide_login(&situation, &request, &supervisor()).unwrap();
    assert!(matches!(
        decision,
        LoginDecision::Begin(NewSession { ends: Some(_), .. })
    ));
    assert_eq!(
        begun(login(&situation, Some(Choice::Mobile), &herself())).0,
        InterfaceKind::Mobile
    );
}

#[test]
fn an_agent_logged_in_elsewhere_is_told_where_and_to_move() {
    let refusal = login(&ada_at_work(), Some(Choice::Mobile), &herself()).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::LoggedInElsewhere);
    assert_eq!(
        refusal.message(),
        "agent 1001 (Ada King) is logged in on internal (PJSIP/1001) since 2026-08-21 09:00:00 UTC"
    );
    assert!(refusal.hint().contains("move"));
    assert_eq!(
        code(login(&ada_at_200(), to("201"), &herself())),
        RefusalCode::LoggedInElsewhere
    );
}

#[test]
fn the_same_login_again_changes_nothing() {
    for choice in [None, Some(Choice::Internal)] {
        assert_eq!(login(&ada_at_work(), choice, &herself()), Ok(LoginDecision::Unchanged));
    }
    for choice in [None, to("200")] {
        assert_eq!(login(&ada_at_200(), choice, &herself()), Ok(LoginDecision::Unchanged));
    }
}

#[test]
fn an_open_session_is_adopted_without_a_look_at_the_telephone() {
    let mut situation = ada_at_200();
    situation.phones.clear();
    situation.hot_desk = false;
    assert_eq!(login(&situation, to("200"), &herself()), Ok(LoginDecision::Unchanged));
}

#[test]
fn a_place_that_has_become_another_is_elsewhere() {
    let mobile = Place {
        kind: InterfaceKind::Mobile,
        interface: t("Local/0999@peerage-outbound/n"),
        telephone: None,
    };
    let situation = logged_in(ada(), mobile);
    assert_eq!(
        code(login(&situation, Some(Choice::Mobile), &herself())),
        RefusalCode::LoggedInElsewhere
    );
}

#[test]
fn a_disabled_agent_is_refused() {
    let situation = Situation {
        disabled: true,
        ..ada()
    };
    for actor in [herself(), supervisor(), admin()] {
        assert_eq!(code(login(&situation, None, &actor)), RefusalCode::AccountDisabled);
    }
    let at_work = Situation {
        disabled: true,
        ..ada_at_work()
    };
    let moved = move_to(&at_work, Choice::Mobile, &supervisor());
    assert_eq!(code(moved), RefusalCode::AccountDisabled);
}

#[test]
fn an_agent_acts_for_nobody_else() {
    assert_eq!(code(login(&ada(), None, &another_agent())), RefusalCode::NotPermitted);
    let moved = move_to(&ada_at_work(), Choice::Mobile, &another_agent());
    assert_eq!(code(moved), RefusalCode::NotPermitted);
}

#[test]
fn who_may_not_choose_gets_internal_only_but_a_supervisor_chooses() {
    let mut situation = ada();
    situation.permissions.choose_interface = false;
    assert_eq!(
        begun(login(&situation, Some(Choice::Internal), &herself())).1,
        "PJSIP/1001"
    );
    for choice in [Choice::Phone, Choice::Mobile] {
        let refused = code(login(&situation, Some(choice.clone()), &herself()));
        assert_eq!(refused, RefusalCode::NotPermitted);
        begun(login(&situation, Some(choice), &supervisor()));
    }
}

#[test]
fn who_may_not_take_any_telephone_takes_the_one_of_the_phone_field() {
    let mut situation = hot_desk_ada();
    situation.permissions.take_any_phone = false;
    assert_eq!(
        code(login(&situation, to("200"), &herself())),
        RefusalCode::NotPermitted
    );
    assert_eq!(begun(login(&situation, to("200"), &supervisor())).1, "PJSIP/200");
    situation.phone_account = Some(NamedAccount {
        number: t("200"),
        driver: Driver::Pjsip,
        disabled: false,
    });
    assert_eq!(begun(login(&situation, to("200"), &herself())).1, "PJSIP/200");
    assert_eq!(
        code(login(&situation, to("201"), &herself())),
        RefusalCode::NotPermitted
    );
}

#[test]
fn a_login_begins_paused_when_the_agent_is_set_so() {
    for login_in_pause in [false, true] {
        let situation = Situation {
            login_in_pause,
            ..ada()
        };
        let Ok(LoginDecision::Begin(session)) = login(&situation, None, &herself()) else {
            panic!("no session begins");
        };
        assert_eq!(session.paused.is_some(), login_in_pause);
        assert!(session.paused.is_none_or(|reason| reason.as_str() == "login"));
    }
}

#[test]
fn a_move_goes_where_a_login_would() {
    let decision = move_to(&ada_at_work(), Choice::Mobile, &herself());
    let Ok(MoveDecision::Move { to: place, ends: None }) = decision else {
        panic!("no move: {decision:?}");
    };
    assert_eq!(place.kind, InterfaceKind::Mobile);
    for (telephone, expected) in [
        ("202", RefusalCode::TelephoneInUse),
        ("203", RefusalCode::TelephoneNotRegistered),
    ] {
        let moved = move_to(&ada_at_200(), Choice::Telephone(t(telephone)), &herself());
        assert_eq!(code(moved), expected);
    }
    let moved = move_to(&ada_at_200(), Choice::Internal, &herself());
    assert_eq!(code(moved), RefusalCode::ChooseATelephone);
}

#[test]
fn a_move_to_where_one_is_changes_nothing_even_without_the_permission() {
    let mut situation = ada_at_work();
    situation.permissions.move_session = false;
    assert_eq!(
        move_to(&situation, Choice::Internal, &herself()),
        Ok(MoveDecision::Unchanged)
    );
    assert_eq!(
        code(move_to(&situation, Choice::Mobile, &herself())),
        RefusalCode::NotPermitted
    );
    assert!(move_to(&situation, Choice::Mobile, &supervisor()).is_ok());
}

#[test]
fn nobody_moves_who_is_not_logged_in() {
    assert_eq!(
        code(move_to(&ada(), Choice::Mobile, &herself())),
        RefusalCode::NotLoggedIn
    );
}

#[test]
fn ones_own_session_is_in_nobodys_way() {
    let mut situation = ada_at_200();
    situation.phones[0].used_by = Some(Holder {
        agent: t("1001"),
        name: t("Ada King"),
        ..bo_on("PJSIP/200")
    });
    situation.session.as_mut().unwrap().place.kind = InterfaceKind::Phone;
    situation.session.as_mut().unwrap().place.telephone = None;
    let decision = move_to(&situation, Choice::Telephone(t("200")), &herself());
    assert!(
        matches!(decision, Ok(MoveDecision::Move { ends: None, .. })),
        "{decision:?}"
    );
}

#[test]
fn an_outside_number_that_the_site_does_not_allow_is_refused() {
    for (choice, kind, number) in [
        (Choice::Phone, "phone", "+49301234"),
        (Choice::Mobile, "mobile", "01701234"),
    ] {
        let situation = Situation {
            phone_allowed: choice != Choice::Phone,
            mobile_allowed: choice != Choice::Mobile,
            ..ada()
        };
        let other = if choice == Choice::Phone {
            Choice::Mobile
        } else {
            Choice::Phone
        };
        let request = |choice: &Choice| LoginRequest {
            choice: Some(choice.clone()),
            ..LoginRequest::default()
        };
        for actor in [herself(), supervisor(), admin()] {
            let refusal = decide_login(&situation, &request(&choice), &actor).unwrap_err();
            assert_eq!(refusal.code(), RefusalCode::NumberNotAllowed);
            assert_eq!(
                refusal.message(),
                format!("site default does not allow calls to {number}, the {kind} of agent 1001")
            );
            assert!(decide_login(&situation, &request(&other), &actor).is_ok());
        }
    }
}

#[test]
fn a_phone_that_names_an_account_needs_no_outside_number() {
    let situation = Situation {
        phone: Some(t("2001")),
        phone_allowed: false,
        phone_account: Some(NamedAccount {
            number: t("2001"),
            driver: Driver::Pjsip,
            disabled: false,
        }),
        ..ada()
    };
    let request = LoginRequest {
        choice: Some(Choice::Phone),
        ..LoginRequest::default()
    };
    assert!(decide_login(&situation, &request, &herself()).is_ok());
}
