//! The work page: the state in large, one thing to do, the queues below.

use axum::extract::State;
use jiff::Timestamp;
use maud::{Markup, html};
use peerage_model::{EndCause, OpenSession};
use peerage_store::SessionRecord;

use super::desk::{Loaded, load, own_number, person, telephones};
use super::place;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::{Page, PageProblem, alert, form, moment, page, since};
use crate::problem::Problem;

mod queues;
mod state;

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
            html! {
                (alert(problem))
                div #work data-live="/agent" data-live-on=(ON_CHOICE) data-live-every="20"
                    data-live-number=(loaded.desk.situation.number) {
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
            div #work data-live="/agent" data-live-every="60" data-live-number=(loaded.desk.situation.number) {
                (state::state(user, &loaded, session))
                div.desk {
                    div { (queues::queues(user, &loaded, session)) }
                    div.desk-side { (where_and_out(user, &loaded, session)) }
                }
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
                        "take_over" => { (by) " took over your phone, which ended your session" },
                        "disconnection" => { "You were logged out because this page was disconnected for too long" },
                        _ => { "Your session was ended by " (by) },
                    }
                    ", " (moment(at)) "."
                }
                @if let Some(reason) = &last.end_reason { " Reason: " (reason) }
            }
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

/// Ends the pause of one queue, or every pause.
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
