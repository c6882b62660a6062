//! Parts that several of these pages have.

use jiff::Timestamp;
use maud::{Markup, html};
use peerage_model::{DisplayState, InterfaceKind, PauseReason, Place};
use peerage_store::{BoardAgent, Reason};

use super::at_work::AtWork;
use crate::console::shell::{Select, duration, moment, since, state_words, unreachable};

/// Where one goes from each of the boards' pages.
pub(super) fn tabs(active: &str) -> Markup {
    let tabs = [
        ("/board", "Agents"),
        ("/board/phones", "Phones"),
        ("/board/times", "Daily report"),
    ];
    html! {
        nav.tabs aria-label="Board" {
            ul {
                @for (path, label) in tabs {
                    li { a href=(path) aria-current=[(path == active).then_some("page")] { (label) } }
                }
            }
        }
    }
}

/// An agent's number and name, leading to the agent's page.
pub(super) fn agent_link(number: &str, name: &str) -> Markup {
    html! { a href={ "/board/agents/" (number) } { (number) " " (name) } }
}

/// The state, how long it has lasted, and what a call hides. The script marks a pause that becomes too long meanwhile.
pub(super) fn state(seen: &AtWork) -> Markup {
    let agent = &seen.agent;
    let now = &agent.now;
    let longest = seen.longest();
    html! {
        span.condition {
            span.badge data-state=(seen.state.as_str()) { (words(&seen.state, agent)) }
            @if let Some(call) = now.call {
                " " (since(call.since)) " " span.soft { (words(&now.state, agent)) }
            }
            @match (now.since, longest) {
                (Some(then), _) if now.logged_in_since.is_none() => { " " span.soft { "since " (moment(then)) } },
                (Some(then), Some(longest)) => {
                    " "
                    span data-max=(longest.as_secs()) class=[seen.is_over.then_some("over")] {
                        (since(then)) " of at most " (duration(longest))
                    }
                },
                (Some(then), None) if now.call.is_none() => { " " (since(then)) },
                _ => {},
            }
            @if agent.leaving { " " span.soft { "logs out after the call" } }
        }
    }
}

/// A state in words, a configured reason by its label.
fn words(state: &DisplayState, agent: &BoardAgent) -> String {
    match (state, &agent.reason) {
        (DisplayState::Paused(Some(_)), Some(reason)) => format!("Paused: {}", reason.label),
        _ => state_words(state),
    }
}

/// Where calls ring.
pub(super) fn place(place: &Place) -> String {
    let interface = &place.interface;
    let device = interface.device().map(|(_, number)| number.to_string());
    let outside = interface.outside_number().map(|number| number.to_string());
    let number = device.or(outside).unwrap_or_else(|| interface.to_string());
    match place.kind {
        InterfaceKind::Internal => format!("own account {number}"),
        InterfaceKind::Phone => format!("phone {number}"),
        InterfaceKind::Mobile => format!("mobile {number}"),
        InterfaceKind::HotDesk => format!("phone {number}"),
    }
}

/// Which nodes cannot ring the device, or since when it is registered; nothing where none registers.
pub(super) fn registration(agent: &BoardAgent, now: Timestamp) -> Markup {
    let device = agent.now.place.as_ref().and_then(|place| place.interface.device());
    html! {
        @if !agent.now.unreachable_at.is_empty() {
            @let word = if agent.now.state == DisplayState::Unreachable { "over" } else { "soft" };
            span class=(word) { (unreachable(&agent.now.unreachable_at)) }
        } @else if device.is_some() {
            @match (agent.registered_since, agent.registered_until) {
                (Some(since), _) => span.soft { "registered since " (moment(since)) },
                (None, Some(until)) if until <= now => span.over { "last registered " (moment(until)) },
                _ => {},
            }
        }
    }
}

/// The queues of an agent; those one is not in, or is paused in, say so.
pub(super) fn seats(agent: &BoardAgent) -> Markup {
    let at_work = agent.now.logged_in_since.is_some();
    html! {
        @for (place, seat) in agent.seats.iter().enumerate() {
            @if place > 0 { ", " }
            (seat.queue)
            @if at_work && !seat.joined { span.soft { " (not logged in)" } }
            @if seat.paused { span.soft { " (paused)" } }
        }
    }
}

/// The reasons that a supervisor can give for a pause.
pub(super) fn reason_select<'a>(reasons: &[Reason], chosen: &str) -> Select<'a> {
    let own = reasons.iter().filter(|reason| !reason.system);
    own.fold(
        Select::new("reason", "Pause reason").option("", "Paused by supervisor"),
        |select, reason| select.option(reason.code.as_str(), reason.label.clone()),
    )
    .chosen(chosen)
}

/// A reason as people read it, where it is a configured one.
pub(super) fn label<'a>(reason: Option<&'a PauseReason>, reasons: &'a [Reason]) -> &'a str {
    let Some(reason) = reason else {
        return "without a reason";
    };
    reasons
        .iter()
        .find(|known| known.code.as_str() == reason.as_str())
        .map_or(reason.as_str(), |known| known.label.as_str())
}
