//! The agent's queues, each with its penalty, its pause and what can be done.

use maud::{Markup, html};
use peerage_model::{OpenSession, Pause};
use peerage_store::Membership;

use super::super::desk::Loaded;
use super::resume;
use crate::auth::SignedIn;
use crate::console::shell::{form, since, table};

pub(super) fn queues(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
    if loaded.desk.queues.is_empty() {
        return html! {};
    }
    let may = loaded.desk.situation.permissions.pause_one_queue && session.leaving.is_none();
    let columns: &[&str] = if may {
        &["Queue", "Penalty", "State", "Action"]
    } else {
        &["Queue", "Penalty", "State"]
    };
    let rows = loaded.desk.queues.iter().map(|membership| {
        let pause = session.pauses.of(&membership.queue);
        let mut cells = vec![
            html! { (membership.queue) },
            html! { span.number { (membership.penalty) } },
            queue_state(loaded, membership, pause),
        ];
        if may {
            cells.push(queue_action(user, membership, pause));
        }
        cells
    });
    table("Queues", columns, rows)
}

fn queue_state(loaded: &Loaded, membership: &Membership, pause: Option<&Pause>) -> Markup {
    html! {
        @if !membership.member {
            span.badge data-state="offline" { "Not logged in" }
        } @else if let Some(pause) = pause {
            span.badge data-state="paused" {
                "Paused" @if let Some(reason) = &pause.reason { ": " (loaded.label(reason.as_str())) }
            }
            " " (since(pause.since))
        } @else {
            span.badge data-state="available" { "Available" }
        }
    }
}

fn queue_action(user: &SignedIn, membership: &Membership, pause: Option<&Pause>) -> Markup {
    let queue = membership.queue.as_str();
    html! {
        @if !membership.member {
        } @else if pause.is_some() {
            (resume(user, Some(queue), "Resume", false))
        } @else {
            (form(user, "/agent/pause", html! {
                input type="hidden" name="queue" value=(queue);
                button type="submit" { "Pause" span.unseen { " " (queue) } }
            }))
        }
    }
}
