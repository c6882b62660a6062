//! Small parts of pages.

use maud::{Markup, PreEscaped, html};
use peerage_model::{DisplayState, Unreachable};
use peerage_store::Reason;

use crate::auth::SignedIn;

/// The hidden field that proves that a form is ours. It stands first in each form.
pub(crate) fn csrf(user: &SignedIn) -> Markup {
    html! { input type="hidden" name="csrf" value=(user.csrf()); }
}

/// A form that changes something.
pub(crate) fn form(user: &SignedIn, action: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(action) data-enhance {
            (csrf(user))
            (PreEscaped(body.into_string()))
        }
    }
}

/// A form that orders something at once. What is chosen in it is no work that could be lost; what is typed is.
pub(crate) fn order(user: &SignedIn, action: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(action) data-enhance data-order {
            (csrf(user))
            (PreEscaped(body.into_string()))
        }
    }
}

/// A state in a pill, a configured reason by its label. `data-state` has the word of the API.
pub(crate) fn state_badge(state: &DisplayState, reasons: &[Reason]) -> Markup {
    let words = match state {
        DisplayState::Paused(Some(code)) => {
            let known = reasons.iter().find(|known| known.code.as_str() == code.as_str());
            known.map(|known| format!("Paused: {}", known.label))
        }
        _ => None,
    };
    html! { span.badge data-state=(state.as_str()) { (words.unwrap_or_else(|| state_words(state))) } }
}

/// Which nodes cannot ring a device, and why; a sentence each.
pub(crate) fn unreachable(at: &[Unreachable]) -> Markup {
    html! {
        @for (place, at) in at.iter().enumerate() {
            @if place > 0 { " " }
            (at) "."
        }
    }
}

/// A state as people read it.
pub(crate) fn state_words(state: &DisplayState) -> String {
    match state {
        DisplayState::OnCall => "On a call".to_owned(),
        DisplayState::Ringing => "Ringing".to_owned(),
        DisplayState::Paused(None) => "Paused".to_owned(),
        DisplayState::Paused(Some(reason)) => format!("Paused: {reason}"),
        DisplayState::PartlyPaused => "Partly paused".to_owned(),
        DisplayState::Unreachable => "Unreachable".to_owned(),
        DisplayState::Available => "Available".to_owned(),
        DisplayState::Offline => "Logged out".to_owned(),
    }
}
