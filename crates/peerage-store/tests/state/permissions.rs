//! An agent whose permission is off is refused by every operation that it is about, by whichever way the request came; and
//! nobody else is.

use jiff::Timestamp;
use peerage_model::{Actor, Choice, LogoutRequest, LogoutTime, RefusalCode};
use peerage_store::PermissionsPatch;

use super::support::{Centre, Outcome, admin, in_queue, of_queue, own, supervisor, system, t, telephone};

type Permission = fn(&mut PermissionsPatch) -> &mut Option<bool>;
type Operation = fn(&Centre) -> Outcome;

const PERMISSIONS: [(Permission, &str, &[Operation]); 8] = [
    (
        |may| &mut may.choose_interface,
        "choose an interface other than internal",
        &[
            |centre| centre.log_in("1002", Choice::Phone),
            |centre| centre.log_in("1002", Choice::Mobile),
            |centre| centre.move_to("1001", Choice::Phone),
            |centre| centre.move_to("1001", Choice::Mobile),
        ],
    ),
    (
        |may| &mut may.take_any_phone,
        "use another phone than their own",
        &[
            |centre| centre.log_in("1004", telephone("2002")),
            |centre| centre.move_to("1003", telephone("2002")),
        ],
    ),
    (
        |may| &mut may.move_session,
        "move",
        &[
            |centre| centre.move_to("1001", Choice::Phone),
            |centre| centre.move_to("1001", Choice::Mobile),
            |centre| centre.move_to("1003", telephone("2002")),
        ],
    ),
    (
        |may| &mut may.pause_one_queue,
        "pause in one queue instead of all",
        &[
            |centre| centre.pause("1001", &in_queue("support", "lunch")),
            |centre| centre.unpause("1001", &of_queue("sales")),
        ],
    ),
    (
        |may| &mut may.log_out,
        "log out",
        &[
            |centre| centre.log_out("1001"),
            |centre| centre.log_out("1003"),
            |centre| leave_after_call(centre, "1001"),
        ],
    ),
    (
        |may| &mut may.request_after_call,
        "request a logout after the call",
        &[
            |centre| leave_after_call(centre, "1001"),
            |centre| leave_after_call(centre, "1003"),
        ],
    ),
    (
        |may| &mut may.see_own_history,
        "see their own history",
        &[
            |centre| look_back(centre, "1001", &own("1001")),
            |centre| look_back(centre, "1004", &own("1004")),
        ],
    ),
    (
        |may| &mut may.edit_own_numbers,
        "change their own phone and mobile numbers",
        &[
            |centre| edit(centre, "1001", &own("1001")),
            |centre| edit(centre, "1004", &own("1004")),
        ],
    ),
];

fn leave_after_call(centre: &Centre, number: &str) -> Outcome {
    let request = LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: None,
    };
    centre.store.log_out(&t(number), &request, &own(number))
}

fn look_back(centre: &Centre, number: &str, actor: &Actor) -> Outcome {
    let history = centre
        .store
        .history_for(&t(number), Timestamp::UNIX_EPOCH, Timestamp::now(), actor)?;
    Ok(!history.sessions.is_empty())
}

fn edit(centre: &Centre, number: &str, actor: &Actor) -> Outcome {
    centre.store.set_numbers(&t(number), Some(t("+4930555")), None, actor)
}

/// Ada is at work, paused in sales; Cy is on phone 2001; Bo and Di are at home. Bo has a phone and a mobile
/// outside.
fn at_work() -> Centre {
    let centre = Centre::new();
    centre.set_agent("1002", |patch| {
        patch.phone = Some(Some(t("+49305678")));
        patch.mobile = Some(Some(t("01705678")));
    });
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre
}

fn set(centre: &Centre, permission: Permission, allowed: bool) {
    for number in ["1001", "1002", "1003", "1004"] {
        centre.set_agent(number, |patch| *permission(&mut patch.permissions) = Some(allowed));
    }
}

#[test]
fn each_permission_that_is_off_is_refused_in_each_operation() {
    let centre = at_work();
    for (permission, what, operations) in PERMISSIONS {
        set(&centre, permission, false);
        for (n, operation) in operations.iter().enumerate() {
            let refused = super::support::refusal(operation(&centre));
            assert_eq!(refused.code(), RefusalCode::NotPermitted, "{what}, {n}");
            let said = refused.message();
            assert!(
                said.starts_with("agent:100") && said.ends_with(&format!(" may not {what}")),
                "{said}"
            );
            centre.refuses(RefusalCode::NotPermitted, &refused.to_string(), || operation(&centre));
        }
        set(&centre, permission, true);
    }
}

#[test]
fn each_permission_that_is_on_again_is_all_that_was_missing() {
    for (permission, what, operations) in PERMISSIONS {
        for (n, operation) in operations.iter().enumerate() {
            let centre = at_work();
            set(&centre, permission, false);
            super::support::refusal(operation(&centre));
            set(&centre, permission, true);
            let outcome = operation(&centre);
            // Di has no history yet.
            let expected = what != "see their own history" || n == 0;
            assert_eq!(outcome.unwrap(), expected, "{what}, {n}");
        }
    }
}

#[test]
fn nobody_but_the_agent_needs_the_agents_permission_and_no_agent_acts_for_another() {
    let centre = at_work();
    for (permission, ..) in PERMISSIONS {
        set(&centre, permission, false);
    }
    for actor in [supervisor(), admin(), system()] {
        assert!(look_back(&centre, "1001", &actor).unwrap());
        centre.set_agent("1001", |patch| patch.mobile = Some(Some(t("01701111"))));
        assert!(edit(&centre, "1001", &actor).unwrap());
        centre.changes_nothing(|| edit(&centre, "1001", &actor));
    }
    let agent = centre.store.agent(&t("1001")).unwrap();
    assert_eq!((agent.profile.phone, agent.profile.mobile), (Some(t("+4930555")), None));
    assert_eq!(
        centre.sql("select distinct actor from peerage.audit_entry where after ->> 'phone' = '+4930555'"),
        "test:ada"
    );
    let others = "agent:1002 may not act for another agent; ask a supervisor or an administrator";
    centre.refuses(RefusalCode::NotPermitted, others, || {
        look_back(&centre, "1001", &own("1002"))
    });
    centre.refuses(RefusalCode::NotPermitted, others, || {
        edit(&centre, "1001", &own("1002"))
    });
    assert_eq!(
        super::support::failure(look_back(&centre, "9999", &own("1002"))),
        "there is no agent `9999`"
    );
    assert_eq!(
        super::support::failure(edit(&centre, "9999", &admin())),
        "there is no agent `9999`"
    );
}
