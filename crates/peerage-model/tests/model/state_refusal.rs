//! What a refusal says.

use peerage_model::*;

use crate::state_fixture::*;

fn in_use(remedy: ConflictRemedy) -> Box<InUse> {
    Box::new(InUse {
        place: Place::hot_desk(Driver::Pjsip, &t("202")),
        holder: bo_on("PJSIP/202"),
        remedy,
    })
}

/// One of each, in the order of the codes, with its code, message and hint.
fn all() -> Vec<(Refusal, &'static str, &'static str, &'static str)> {
    let (agent, telephone) = (t::<Number>("1001"), t::<Number>("203"));
    vec![
        (
            Refusal::NotLoggedIn {
                agent: agent.clone(),
                name: t("Ada King"),
            },
            "not_logged_in",
            "agent 1001 (Ada King) is not logged in",
            "log in first",
        ),
        (
            Refusal::LoggedInElsewhere {
                agent: agent.clone(),
                name: t("Ada King"),
                place: Box::new(Place::hot_desk(Driver::Pjsip, &t("200"))),
                since: at(5),
            },
            "logged_in_elsewhere",
            "agent 1001 (Ada King) is logged in on phone 200 since 2026-08-21 09:00:05 UTC",
            "move there to keep the session, or log out first",
        ),
        (
            Refusal::TelephoneInUse(in_use(ConflictRemedy::AskSupervisor)),
            "telephone_in_use",
            "phone 202 is in use by agent 1002 (Bo Diddley) since 2026-08-21 09:00:00 UTC",
            "choose another one, or ask a supervisor to release it",
        ),
        (
            Refusal::TelephoneNotRegistered {
                telephone: telephone.clone(),
                last_seen: Some(at(-600)),
            },
            "telephone_not_registered",
            "phone 203 has not been registered since 2026-08-21 08:50:00 UTC",
            "check that it is switched on, or choose another one",
        ),
        (
            Refusal::TelephoneDisabled {
                telephone: telephone.clone(),
            },
            "telephone_disabled",
            "phone 203 is disabled",
            "choose another one, or ask an administrator to enable it",
        ),
        (
            Refusal::OtherSite {
                telephone: telephone.clone(),
                site: t("leeds"),
                own_site: t("york"),
            },
            "other_site",
            "phone 203 is at site leeds, but the agent is at site york",
            "choose a phone of site york",
        ),
        (
            Refusal::NoSuchTelephone { telephone },
            "no_such_telephone",
            "there is no phone 203",
            "choose one from the list",
        ),
        (
            Refusal::InterfaceInUse(Box::new(InUse {
                place: Place::internal(Driver::Pjsip, &agent),
                ..*in_use(ConflictRemedy::Force)
            })),
            "interface_in_use",
            "internal (PJSIP/1001) is in use by agent 1002 (Bo Diddley) since 2026-08-21 09:00:00 UTC",
            "force it with a reason, which ends that session, or choose another one",
        ),
        (
            Refusal::ChooseATelephone {
                agent: agent.clone(),
                free: vec![t("200"), t("201")],
            },
            "choose_a_telephone",
            "agent 1001 has hot desk and needs a phone instead of an interface",
            "choose one of 200, 201",
        ),
        (
            Refusal::NoHotDesk { agent: agent.clone() },
            "no_hot_desk",
            "agent 1001 has no hot desk and needs an interface instead of a phone",
            "choose internal, phone or mobile",
        ),
        (
            Refusal::NoSuchInterface {
                agent: agent.clone(),
                kind: InterfaceKind::Mobile,
                field: None,
            },
            "no_such_interface",
            "agent 1001 has no mobile",
            "enter a number as the agent's mobile, or choose another interface",
        ),
        (
            Refusal::NumberNotAllowed {
                agent: agent.clone(),
                kind: InterfaceKind::Mobile,
                number: t("+4490099"),
                site: t("rome"),
            },
            "number_not_allowed",
            "site rome does not allow calls to +4490099, the mobile of agent 1001",
            "choose another interface, or ask an administrator for a number that the site allows",
        ),
        (
            Refusal::NotPermitted {
                actor: "ada".to_owned(),
                what: "move",
            },
            "not_permitted",
            "ada may not move",
            "ask a supervisor or an administrator",
        ),
        (
            Refusal::AccountDisabled { number: agent.clone() },
            "account_disabled",
            "account 1001 is disabled",
            "ask an administrator to enable it",
        ),
        (
            Refusal::UnknownReason {
                reason: t("Lunch"),
                offered: vec![t("lunch")],
            },
            "unknown_reason",
            "there is no pause reason Lunch",
            "use lunch",
        ),
        (
            Refusal::ReasonNotOffered {
                reason: t("after-call"),
                offered: Vec::new(),
            },
            "reason_not_offered",
            "agents may not use the pause reason after-call",
            "pause without a reason: none is offered",
        ),
        (
            Refusal::NotInQueue {
                agent,
                queue: t("billing"),
                queues: vec![t("sales"), t("support")],
            },
            "not_in_queue",
            "agent 1001 is not in queue billing",
            "use one of sales, support",
        ),
        (
            Refusal::ForceNeedsReason,
            "force_needs_reason",
            "ending another agent's session by force needs a reason",
            "enter a reason",
        ),
    ]
}

#[test]
fn each_refusal_says_who_what_since_when_and_what_to_do() {
    for (refusal, code, message, hint) in all() {
        assert_eq!(refusal.code().as_str(), code);
        assert_eq!(refusal.message(), message);
        assert_eq!(refusal.hint(), hint);
        assert_eq!(refusal.to_string(), format!("{message}; {hint}"));
    }
}

#[test]
fn each_code_is_that_of_a_refusal() {
    let codes: Vec<RefusalCode> = all().iter().map(|(refusal, ..)| refusal.code()).collect();
    let mut known = RefusalCode::ALL.to_vec();
    known.sort_by_key(|code| codes.iter().position(|other| other == code));
    assert_eq!(codes, known);
}

#[test]
fn a_phone_field_that_is_no_number_is_shown() {
    let refusal = Refusal::NoSuchInterface {
        agent: t("1001"),
        kind: InterfaceKind::Phone,
        field: Some(t("desk-9")),
    };
    assert_eq!(
        refusal.message(),
        "the phone of agent 1001, desk-9, is neither an account nor an outside number"
    );
}

#[test]
fn a_hint_lists_eight_at_most() {
    let free: Vec<Number> = (200..220).map(|number| t(&number.to_string())).collect();
    let refusal = Refusal::ChooseATelephone { agent: t("1001"), free };
    assert_eq!(
        refusal.hint(),
        "choose one of 200, 201, 202, 203, 204, 205, 206, 207, ..."
    );
}
