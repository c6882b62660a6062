//! The work page: the state in large, one thing to do, the queues below.

use axum::extract::State;
use jiff::Timestamp;
use maud::{Markup, html};
use peerage_model::{DisplayState, EndCause, OpenSession, Pause, SessionState};
use peerage_store::{Membership, Reason, SessionRecord};

use super::desk::{Loaded, load, own_number, person, telephones};
use super::place;
use crate::app::App;
use crate::auth::{PageUser, SignedIn};
use crate::console::shell::{Page, PageProblem, alert, duration, form, moment, page, since, state_words, table};
use crate::problem::Problem;

/// How long the end of the last session is news: a working day.
const NEWS_HOURS: i64 = 12;

/// What the choice of a telephone depends on: where others are, too.
const ON_CHOICE: &str = "agents accounts settings places";

pub(super) async fn show(State(app): State<App>, PageUser(user): PageUser) -> Result<Markup, PageProblem> {
    // Without a script no stream says that the page is there; a look at it does.
    drop(app.presence().enter(own_number(&user)?));
    page_of(&app, &user, None).await
}

/// The page as it is now, with a problem on top if there is one.
pub(super) async fn page_of(app: &App, user: &SignedIn, problem: Option<&Problem>) -> Result<Markup, PageProblem> {
    let loaded = load(app, &own_number(user)?).await?;
    let Some(session) = &loaded.desk.situation.session else {
        let phones = telephones(app, &loaded.desk).await?;
        return Ok(place::login_page(
            user,
            &html! {
                (alert(problem))
                div #work data-live="/agent" data-live-number=(loaded.desk.situation.number) {
                    (ended(loaded.desk.last.as_ref()))
                    (place::choose(user, &loaded.desk, &phones, &Default::default(), false))
                }
            },
        ));
    };
    let frame = Page::new("My work", user, "/agent").without_heading();
    Ok(page(
        &frame,
        html! {
            (alert(problem))
            div #work data-live="/agent" data-live-number=(loaded.desk.situation.number) {
                (state(user, &loaded, session))
                (queues(user, &loaded, session))
                (where_and_out(user, &loaded, session))
            }
        },
    ))
}

/// Who ended the last session, when it was not the agent.
fn ended(last: Option<&SessionRecord>) -> Markup {
    let Some((last, at)) = last.and_then(|last| Some((last, last.ended_at?))) else {
        return html! {};
    };
    let old = Timestamp::now().duration_since(at).as_hours() >= NEWS_HOURS;
    let cause = last.end_cause.as_deref().unwrap_or_default();
    if old || cause == EndCause::Agent.as_str() {
        return html! {};
    }
    let by = last.ended_by.as_deref().map(person).unwrap_or_default();
    html! {
        div.warning #ended data-cause=(cause) {
            p {
                strong {
                    @match cause {
                        "supervisor" | "admin" => { (by) " logged you out" },
                        "take_over" => { (by) " took over your place, which ended your session" },
                        "disconnection" => { "You were logged out because this page was not connected for too long" },
                        _ => { "Your session was ended by " (by) },
                    }
                    ", " (moment(at)) "."
                }
                @if let Some(reason) = &last.end_reason { " Reason: " (reason) }
            }
        }
    }
}

fn state(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
    let now = &loaded.now;
    let pause = session.pauses.all.as_ref();
    html! {
        section.state #state data-state=(now.state.as_str()) aria-live="polite" aria-atomic="true" {
            div.state-text {
                p.state-who { (loaded.desk.situation.name) " · " span.number { (loaded.desk.situation.number) } }
                p.state-word { (word(loaded, &now.state)) }
                @if !loaded.has_call() {
                    @if let Some(at) = now.since { p.state-clock { (clock(loaded, pause, at)) } }
                }
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
                span data-max=(most) class=[is_over(at, most).then_some("over")] { (since(at)) }
                span.soft { " of " (minutes(most)) }
            },
            None => { (since(at)) },
        }
    }
}

fn is_over(since: Timestamp, most: i32) -> bool {
    Timestamp::now().duration_since(since).as_secs() > i64::from(most)
}

fn minutes(seconds: i32) -> String {
    duration(jiff::SignedDuration::from_secs(seconds.into()))
}

/// What else there is to know about this state.
fn remark(loaded: &Loaded, session: &OpenSession) -> Markup {
    let forced = session.pauses.all.as_ref().filter(|pause| pause.forced);
    html! {
        @if session.leaving.is_some() {
            p.remark { "You will be logged out when this call ends. No further call rings." }
        } @else if let Some(pause) = forced {
            p.remark {
                @if pause.by.starts_with("asterisk:") { "You missed a call, so you were paused." }
                @else if is_login_pause(pause) { "You begin paused. Resume when you are ready." }
                @else { "Paused by " (person(&pause.by)) "." }
            }
        } @else if session.pauses.all.as_ref().is_some_and(is_login_pause) {
            p.remark { "You begin paused. Resume when you are ready." }
        } @else if loaded.now.state == DisplayState::Unreachable {
            p.remark { "The telephone is not registered: calls cannot ring there. Switch it on, or move." }
        } @else if loaded.desk.queues.is_empty() {
            p.remark { "You are in no queue, so no queue rings you. Ask a supervisor." }
        }
    }
}

fn is_login_pause(pause: &Pause) -> bool {
    pause
        .reason
        .as_ref()
        .is_some_and(|reason| reason.as_str() == peerage_model::SystemReason::Login.as_str())
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
                summary { "Change the reason" }
                (pause(user, loaded, "Pause for this", false))
            }
        },
    }
}

fn resume(user: &SignedIn, queue: Option<&str>, label: &str, primary: bool) -> Markup {
    form(
        user,
        "/agent/unpause",
        html! {
            @if let Some(queue) = queue { input type="hidden" name="queue" value=(queue); }
            button type="submit" class=[primary.then_some("primary big")] {
                (label) @if let Some(queue) = queue { span.unseen { " " (queue) } }
            }
        },
    )
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
                        label.chip {
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

fn queues(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
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
            span.badge data-state="offline" { "Not in it" }
        } @else if let Some(pause) = pause {
            span.badge data-state="paused" {
                "Paused" @if let Some(reason) = &pause.reason { ": " (loaded.label(reason.as_str())) }
            }
            " " (since(pause.since))
        } @else {
            span.badge data-state="available" { "Takes calls" }
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

fn where_and_out(user: &SignedIn, loaded: &Loaded, session: &OpenSession) -> Markup {
    let situation = &loaded.desk.situation;
    let permissions = &situation.permissions;
    html! {
        section.card aria-labelledby="where" {
            h2 #where { "Where your calls ring" }
            dl.facts {
                dt { "Place" } dd #place { (place::words(&session.place)) }
                dt { "Logged in" } dd { (moment(session.since)) " (" (since(session.since)) ")" }
            }
            div.actions {
                @if permissions.move_session { a.button href="/agent/move" { "Move" } }
                @if permissions.edit_own_numbers { a.button href="/agent/numbers" { "My numbers" } }
            }
        }
        @if permissions.log_out {
            section.card.split aria-labelledby="leave" {
                h2 #leave { "Finish work" }
                div.actions {
                    (form(user, "/agent/log-out", html! { button type="submit" { "Log out" } }))
                    @if permissions.request_after_call && session.leaving.is_none() {
                        (form(user, "/agent/log-out", html! {
                            input type="hidden" name="after_call" value="yes";
                            button type="submit" { "Log out after this call" }
                        }))
                    }
                }
            }
        }
    }
}
