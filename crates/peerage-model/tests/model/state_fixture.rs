//! An agent, some telephones and some actors, for the tests of the agent state.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use peerage_model::*;

/// A value of a text type; panics when it is refused.
pub(crate) fn t<T: std::str::FromStr<Err = Invalid>>(text: &str) -> T {
    text.parse().unwrap()
}

/// So many seconds after nine o'clock.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_787_302_800 + seconds).unwrap()
}

pub(crate) fn herself() -> Actor {
    Actor::new("ada", ActorRole::Agent(t("1001")))
}

pub(crate) fn another_agent() -> Actor {
    Actor::new("bo", ActorRole::Agent(t("1002")))
}

pub(crate) fn supervisor() -> Actor {
    Actor::new("sue", ActorRole::Supervisor)
}

pub(crate) fn admin() -> Actor {
    Actor::new("root", ActorRole::Admin)
}

pub(crate) fn asterisk() -> Actor {
    Actor::new("asterisk:pbx1", ActorRole::System)
}

/// Ada, logged out, without hot desk; her phone is outside.
pub(crate) fn ada() -> Situation {
    Situation {
        number: t("1001"),
        name: t("Ada King"),
        site: SiteName::default(),
        driver: Driver::Pjsip,
        conflict_policy: ConflictPolicy::Deny,
        disabled: false,
        hot_desk: false,
        login_in_pause: false,
        permissions: Permissions::default(),
        phone: Some(t("+49301234")),
        phone_allowed: true,
        phone_account: None,
        mobile: Some(t("01701234")),
        mobile_allowed: true,
        session: None,
        phones: Vec::new(),
        holders: Vec::new(),
        reasons: vec![
            reason("pause", true, true),
            reason("lunch", true, false),
            reason("after-call", false, false),
        ],
    }
}

/// Ada with hot desk: 200 and 201 are free, Bo has 202, 203 is not registered, 204 is disabled,
/// 300 is at another site.
pub(crate) fn hot_desk_ada() -> Situation {
    let mut phones: Vec<PhoneSeen> = ["200", "201", "202", "203", "204", "300"].map(telephone).into();
    phones[2].used_by = Some(bo_on("PJSIP/202"));
    phones[3].registration = Registration::Absent(Some(at(-600)));
    phones[4].disabled = true;
    phones[5].site = t("leeds");
    Situation {
        hot_desk: true,
        phones,
        ..ada()
    }
}

/// Logged in at nine on this place, in the queues sales and support.
pub(crate) fn logged_in(mut situation: Situation, place: Place) -> Situation {
    situation.session = Some(OpenSession {
        place,
        since: at(0),
        pauses: Pauses::default(),
        queues: queues(&["sales", "support"]),
        leaving: None,
    });
    situation
}

/// Ada, logged in on her own account.
pub(crate) fn ada_at_work() -> Situation {
    logged_in(ada(), Place::internal(Driver::Pjsip, &t("1001")))
}

/// Ada, logged in on phone 200.
pub(crate) fn ada_at_200() -> Situation {
    logged_in(hot_desk_ada(), Place::hot_desk(Driver::Pjsip, &t("200")))
}

/// Ada at work, with these pauses.
pub(crate) fn paused(pauses: Pauses) -> Situation {
    let mut situation = ada_at_work();
    situation.session.as_mut().unwrap().pauses = pauses;
    situation
}

/// A pause that the agent began at nine.
pub(crate) fn pause(reason: &str) -> Pause {
    Pause {
        reason: Some(t(reason)),
        by: "ada".to_owned(),
        forced: false,
        since: at(0),
    }
}

pub(crate) fn pauses(all: Option<&str>, single: &[(&str, &str)]) -> Pauses {
    let single: BTreeMap<QueueName, Pause> = single.iter().map(|(queue, reason)| (t(queue), pause(reason))).collect();
    Pauses {
        all: all.map(pause),
        single,
    }
}

pub(crate) fn queues(names: &[&str]) -> BTreeSet<QueueName> {
    names.iter().map(|name| t(name)).collect()
}

pub(crate) fn reason(code: &str, selectable: bool, is_default: bool) -> ReasonSeen {
    ReasonSeen {
        code: t(code),
        selectable,
        is_default,
    }
}

/// A free and registered telephone of the default site.
pub(crate) fn telephone(number: &str) -> PhoneSeen {
    PhoneSeen {
        number: t(number),
        name: t("Desk"),
        site: SiteName::default(),
        disabled: false,
        registration: Registration::Registered(Some(at(-60))),
        used_by: None,
    }
}

/// That Bo has this interface since nine.
pub(crate) fn bo_on(interface: &str) -> Holder {
    Holder {
        agent: t("1002"),
        name: t("Bo Diddley"),
        interface: t(interface),
        since: at(0),
    }
}
