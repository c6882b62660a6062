//! The state in large, how long, what there is to know about it, and the one thing to do.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use peerage_model::{DisplayState, OpenSession, Pause, SessionState, SystemReason};
use peerage_store::Reason;

use super::super::desk::{Loaded, person};
use super::resume;
use crate::auth::SignedIn;
use crate::console::shell::{duration, form, since, state_words, unreachable};

pub(super) fn state(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
    let now = &loaded.now;
    // The clock of a call has no bound.
    let pause = session.pauses.all.as_ref().filter(|_| !loaded.has_call());
    html! {
        section.state #state data-state=(now.state.as_str()) {
            div.state-text {
                p.state-who { (loaded.desk.situation.name) " · " span.number { (loaded.desk.situation.number) } }
                p.state-word aria-live="polite" { (word(loaded, &now.state)) }
                @if let Some(at) = now.since { p.state-clock { (clock(loaded, pause, at)) } }
                (remark(loaded, session))
            }
            div.state-do { (main_action(user, loaded, session)) }
        }
    }
}

/// The state, its reason by the label that people read.
fn word(loaded: &Loaded, state: &DisplayState) -> String {
    match state {
        DisplayState::Paused(Some(reason)) => format!("Paused: {}", loaded.label(reason.as_str())),
        _ => state_words(state),
    }
}

/// How long, and how long it may be. The script marks it when it gets longer.
fn clock(loaded: &Loaded, pause: Option<&Pause>, at: Timestamp) -> Markup {
    let code = pause.and_then(|pause| pause.reason.as_ref());
    let most = code.and_then(|code| loaded.reason(code.as_str())?.max_seconds);
    html! {
        @match most {
            Some(most) => {
                span data-max=(most) class=[is_over(at, most).then_some("over")] {
                    (since(at)) span.soft { " of " (minutes(most)) }
                }
            },
            None => { (since(at)) },
        }
    }
}

fn is_over(since: Timestamp, most: i32) -> bool {
    Timestamp::now().duration_since(since).as_secs() > i64::from(most)
}

fn minutes(seconds: i32) -> String {
    duration(SignedDuration::from_secs(seconds.into()))
}

/// What else there is to know about this state.
fn remark(loaded: &Loaded, session: &OpenSession) -> Markup {
    let forced = session.pauses.all.as_ref().filter(|pause| pause.forced);
    html! {
        @if session.leaving.is_some() {
            p.remark { "You will be logged out when this call ends. You get no further calls." }
        } @else if let Some(pause) = forced {
            p.remark {
                @if pause.by.starts_with("asterisk:") { "You were paused because you missed a call." }
                @else if is_login_pause(pause) { "You start paused. Resume when you are ready." }
                @else { "Paused by " (person(&pause.by)) "." }
            }
        } @else if session.pauses.all.as_ref().is_some_and(is_login_pause) {
            p.remark { "You start paused. Resume when you are ready." }
        } @else if loaded.now.state == DisplayState::Unreachable {
            p.remark { "Calls cannot ring on your phone. " (unreachable(&loaded.now.unreachable_at)) " Switch the phone on, or move." }
        } @else if !loaded.now.unreachable_at.is_empty() {
            p.remark { "Some calls cannot ring on your phone. " (unreachable(&loaded.now.unreachable_at)) }
        } @else if loaded.desk.queues.is_empty() {
            p.remark { "You are not in any queue, so you get no queue calls. Ask a supervisor." }
        }
    }
}

fn is_login_pause(pause: &Pause) -> bool {
    pause
        .reason
        .as_ref()
        .is_some_and(|reason| reason.as_str() == SystemReason::Login.as_str())
}

/// The one thing to do: pause when available, resume when not.
fn main_action(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
    if session.leaving.is_some() {
        return resume(user, None, "Stay logged in", true);
    }
    match loaded.session_state() {
        Some(SessionState::Available) | None => pause(user, loaded, "Pause", true),
        Some(_) => html! {
            (resume(user, None, "Resume", true))
            details.again {
                summary { "Change reason" }
                (pause(user, loaded, "Set reason", false))
            }
        },
    }
}

fn pause(user: &SignedIn, loaded: &Loaded, label: &str, primary: bool) -> Markup {
    let reasons: Vec<&Reason> = loaded.offered().collect();
    let default = reasons.iter().position(|reason| reason.is_default);
    html! {
        (form(user, "/agent/pause", html! {
            @if !reasons.is_empty() {
                fieldset.chips {
                    legend.unseen { "Reason" }
                    @for (place, reason) in reasons.iter().enumerate() {
                        label.chip data-key={ "reason " (reason.code) } {
                            input type="radio" name="reason" value=(reason.code) checked[Some(place) == default];
                            span {
                                (reason.label)
                                @if let Some(most) = reason.max_seconds { span.most { " " (minutes(most)) } }
                            }
                        }
                    }
                }
            }
            button type="submit" class=[primary.then_some("primary big")] { (label) }
        }))
    }
}
