//! Where an agent's calls can ring, and who is in the way.

use super::phones::absence;
use super::{
    Actor, Choice, ConflictRemedy, EndCause, EndOther, Holder, InUse, Interface, InterfaceKind, NotOffered, OnConflict,
    OpenSession, OutsideNumber, Place, Refusal, Situation, telephone_list,
};
use crate::{ConflictPolicy, DialNumber, Number};

/// That the actor may act for this agent at all.
pub(super) fn check_actor(situation: &Situation, actor: &Actor) -> Result<(), Refusal> {
    let other = matches!(actor.role, super::ActorRole::Agent(_)) && !actor.is_agent(&situation.number);
    permit(!other, actor, "act for another agent")
}

/// That the agent is permitted this; others need no permission of the agent's.
pub(super) fn check_own(
    situation: &Situation,
    actor: &Actor,
    permitted: bool,
    what: &'static str,
) -> Result<(), Refusal> {
    permit(permitted || !actor.is_agent(&situation.number), actor, what)
}

pub(super) fn permit(permitted: bool, actor: &Actor, what: &'static str) -> Result<(), Refusal> {
    if permitted {
        return Ok(());
    }
    Err(Refusal::NotPermitted {
        actor: actor.name.clone(),
        what,
    })
}

/// That force is used by those who may, and that they say why.
pub(super) fn check_force(on_conflict: &OnConflict, actor: &Actor) -> Result<(), Refusal> {
    let OnConflict::Force(reason) = on_conflict else {
        return Ok(());
    };
    permit(actor.may_force(), actor, "end another agent's session")?;
    match reason {
        Some(_) => Ok(()),
        None => Err(Refusal::ForceNeedsReason),
    }
}

/// Whether the session is there already; without a choice it is.
pub(super) fn is_there(situation: &Situation, session: &OpenSession, choice: Option<&Choice>) -> bool {
    match choice {
        None => true,
        Some(Choice::Telephone(telephone)) => session.place.telephone.as_ref() == Some(telephone),
        Some(Choice::Internal) => session.place == Place::internal(situation.driver, &situation.number),
        Some(Choice::Phone) => phone(situation).is_ok_and(|place| place == session.place),
        Some(Choice::Mobile) => mobile(situation).is_ok_and(|place| place == session.place),
    }
}

/// The place chosen, and the session that must end for it.
pub(super) fn find(
    situation: &Situation,
    choice: Option<&Choice>,
    on_conflict: &OnConflict,
    actor: &Actor,
) -> Result<(Place, Option<EndOther>), Refusal> {
    if let Some(Choice::Telephone(number)) = choice {
        return telephone(situation, number, on_conflict, actor);
    }
    if situation.hot_desk {
        let list = telephone_list(&situation.phones, &situation.site);
        let free = list.into_iter().filter(|phone| phone.not_offered.is_none());
        return Err(Refusal::ChooseATelephone {
            agent: situation.number.clone(),
            free: free.map(|phone| phone.number).collect(),
        });
    }
    let place = match choice {
        Some(Choice::Phone) => phone(situation)?,
        Some(Choice::Mobile) => mobile(situation)?,
        _ => Place::internal(situation.driver, &situation.number),
    };
    if place.kind != InterfaceKind::Internal {
        let permitted = situation.permissions.choose_interface;
        check_own(situation, actor, permitted, "choose an interface other than internal")?;
    }
    let holder = situation.holder(&place.interface);
    let ends = overrule(situation, &place, holder, on_conflict, actor).map_err(Refusal::InterfaceInUse)?;
    Ok((place, ends))
}

fn telephone(
    situation: &Situation,
    number: &Number,
    on_conflict: &OnConflict,
    actor: &Actor,
) -> Result<(Place, Option<EndOther>), Refusal> {
    let telephone = number.clone();
    if !situation.hot_desk {
        return Err(Refusal::NoHotDesk {
            agent: situation.number.clone(),
        });
    }
    // Who may not take any telephone may still take the one that the phone field names.
    let own = situation
        .phone_account
        .as_ref()
        .is_some_and(|account| account.number == *number);
    let permitted = situation.permissions.take_any_phone || own;
    check_own(situation, actor, permitted, "use another phone than their own")?;
    let Some(seen) = situation.phones.iter().find(|phone| phone.number == *number) else {
        return Err(Refusal::NoSuchTelephone { telephone });
    };
    if seen.site != situation.site {
        return Err(Refusal::OtherSite {
            telephone,
            site: seen.site.clone(),
            own_site: situation.site.clone(),
        });
    }
    if seen.disabled {
        return Err(Refusal::TelephoneDisabled { telephone });
    }
    let place = Place::hot_desk(situation.driver, number);
    // A session begun under another driver has another interface, and the telephone all the same.
    let by_other = seen.used_by.as_ref().filter(|holder| holder.agent != situation.number);
    let holder = by_other.or_else(|| situation.holder(&place.interface));
    let ends = overrule(situation, &place, holder, on_conflict, actor).map_err(Refusal::TelephoneInUse)?;
    match absence(seen, &situation.phones, &situation.site) {
        Some(NotOffered::NotRegistered(last_seen)) => Err(Refusal::TelephoneNotRegistered { telephone, last_seen }),
        _ => Ok((place, ends)),
    }
}

fn phone(situation: &Situation) -> Result<Place, Refusal> {
    let Some(account) = &situation.phone_account else {
        let Situation {
            phone, phone_allowed, ..
        } = situation;
        return outside(situation, InterfaceKind::Phone, phone.as_ref(), *phone_allowed);
    };
    if account.disabled {
        return Err(Refusal::AccountDisabled {
            number: account.number.clone(),
        });
    }
    Ok(Place {
        kind: InterfaceKind::Phone,
        interface: Interface::of(account.driver, &account.number),
        telephone: None,
    })
}

fn mobile(situation: &Situation) -> Result<Place, Refusal> {
    let Situation {
        mobile, mobile_allowed, ..
    } = situation;
    outside(situation, InterfaceKind::Mobile, mobile.as_ref(), *mobile_allowed)
}

fn outside(
    situation: &Situation,
    kind: InterfaceKind,
    field: Option<&DialNumber>,
    allowed: bool,
) -> Result<Place, Refusal> {
    match field.map(OutsideNumber::try_from) {
        Some(Ok(number)) if !allowed => Err(Refusal::NumberNotAllowed {
            agent: situation.number.clone(),
            kind,
            number,
            site: situation.site.clone(),
        }),
        Some(Ok(number)) => Ok(Place {
            kind,
            interface: Interface::outside(&number),
            telephone: None,
        }),
        _ => Err(Refusal::NoSuchInterface {
            agent: situation.number.clone(),
            kind,
            field: field.cloned(),
        }),
    }
}

/// The end of the holder's session, where the site or the actor overrules it.
fn overrule(
    situation: &Situation,
    place: &Place,
    holder: Option<&Holder>,
    on_conflict: &OnConflict,
    actor: &Actor,
) -> Result<Option<EndOther>, Box<InUse>> {
    let Some(holder) = holder else {
        return Ok(None);
    };
    let takes_over = situation.conflict_policy == ConflictPolicy::TakeOver;
    let (cause, reason) = match on_conflict {
        OnConflict::TakeOver if takes_over => (EndCause::TakeOver, None),
        OnConflict::Force(reason) => (actor.end_cause(), reason.clone()),
        _ => {
            let remedy = if takes_over {
                ConflictRemedy::TakeOver
            } else if actor.may_force() {
                ConflictRemedy::Force
            } else {
                ConflictRemedy::AskSupervisor
            };
            return Err(Box::new(InUse {
                place: place.clone(),
                holder: holder.clone(),
                remedy,
            }));
        }
    };
    Ok(Some(EndOther {
        agent: holder.agent.clone(),
        cause,
        reason,
    }))
}
