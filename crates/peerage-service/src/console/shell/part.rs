//! Small parts of pages.

use maud::{Markup, PreEscaped, html};
use peerage_model::{DisplayState, Unreachable};

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

/// A state in a pill. `data-state` has the word of the interface for programs.
pub(crate) fn state_badge(state: &DisplayState) -> Markup {
    html! { span.badge data-state=(state.as_str()) { (state_words(state)) } }
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
        DisplayState::OnCall => "On call".to_owned(),
        DisplayState::Ringing => "Ringing".to_owned(),
        DisplayState::Paused(None) => "Paused".to_owned(),
        DisplayState::Paused(Some(reason)) => format!("Paused: {reason}"),
        DisplayState::PartlyPaused => "Partly paused".to_owned(),
        DisplayState::Unreachable => "Unreachable".to_owned(),
        DisplayState::Available => "Available".to_owned(),
        DisplayState::Offline => "Logged out".to_owned(),
    }
}
