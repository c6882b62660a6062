//! States and places, for people.

use jiff::Timestamp;
use peerage_model::{DisplayState, InterfaceKind, NotOffered, PauseReason, Place, Registration, Unreachable};

use super::super::describe;

/// The reason of a pause of all queues.
pub(super) fn reason(state: &DisplayState) -> Option<&PauseReason> {
    match state {
        DisplayState::Paused(reason) => reason.as_ref(),
        _ => None,
    }
}

/// `paused (lunch)`.
pub(super) fn state(state: &DisplayState) -> String {
    match reason(state) {
        Some(reason) => format!("{} ({reason})", state.as_str()),
        None => state.as_str().to_owned(),
    }
}

/// The state, and nodes that cannot ring the device: `available; unreachable: pbx2: ...`, `unreachable (pbx1: ...)`.
pub(super) fn state_at(of: &DisplayState, unreachable_at: &[Unreachable]) -> String {
    match (of, unreachable_at) {
        (DisplayState::Offline | DisplayState::Paused(_), _) | (_, []) => state(of),
        (DisplayState::Unreachable, _) => format!("{} ({})", of.as_str(), unreachable(unreachable_at)),
        _ => format!("{}; unreachable: {}", state(of), unreachable(unreachable_at)),
    }
}

/// `pbx1: the phone is not registered; pbx2: ...`.
pub(super) fn unreachable(at: &[Unreachable]) -> String {
    at.iter().map(Unreachable::to_string).collect::<Vec<_>>().join("; ")
}

/// `internal`, `phone 2001`, `mobile 0655512`, `phone 1009`.
pub(super) fn place(place: &Place) -> String {
    if let Some(telephone) = &place.telephone {
        return format!("phone {telephone}");
    }
    let device = place.interface.device().map(|(_, number)| number.to_string());
    let outside = place.interface.outside_number().map(|number| number.to_string());
    match (place.kind, device.or(outside)) {
        (InterfaceKind::Internal, _) | (_, None) => place.kind.to_string(),
        (kind, Some(number)) => format!("{kind} {number}"),
    }
}

/// `yes since ...`, `no since ...`, `no`, `fixed host`.
pub(super) fn registration(registration: &Registration) -> String {
    let since = |word: &str, since: Timestamp| format!("{word} since {}", describe::time(since));
    match registration {
        // It need not.
        Registration::Registered(None) => "fixed host".to_owned(),
        Registration::Registered(Some(begin)) => since("yes", *begin),
        Registration::Absent(None) => "no".to_owned(),
        Registration::Absent(Some(end)) => since("no", *end),
    }
}

/// `yes`, or `no` with the reason.
pub(super) fn offer(not_offered: Option<&NotOffered>) -> String {
    match not_offered {
        None => "yes".to_owned(),
        Some(NotOffered::OtherSite(site)) => format!("no: at site {site}"),
        Some(NotOffered::Disabled) => "no: disabled".to_owned(),
        Some(NotOffered::InUse(_)) => "no: in use".to_owned(),
        Some(NotOffered::NotRegistered(_)) => "no: not registered".to_owned(),
    }
}

/// Why a phone is not offered, for programs.
pub(super) fn not_offered(reason: &NotOffered) -> &'static str {
    match reason {
        NotOffered::OtherSite(_) => "other_site",
        NotOffered::Disabled => "disabled",
        NotOffered::InUse(_) => "in_use",
        NotOffered::NotRegistered(_) => "not_registered",
    }
}
