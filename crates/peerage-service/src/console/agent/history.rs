//! How an agent's day was spent.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use maud::{Markup, html};
use peerage_model::Interface;
use peerage_store::{History, PauseRecord, SessionRecord};
use serde::Deserialize;

use super::desk::{Loaded, load, own_number, person};
use crate::app::App;
use crate::console::PageUser;
use crate::console::shell::{Field, Page, PageProblem, duration, moment, page, since, table};
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    day: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    PageUser(user): PageUser,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageProblem> {
    let number = own_number(&user)?;
    let loaded = load(&app, &number).await?;
    if !loaded.desk.situation.permissions.see_own_history {
        return Err(Problem::not_permitted("you don't have permission to see your history")
            .hint("ask a supervisor for permission")
            .into());
    }
    let site = loaded.desk.situation.site.clone();
    let zone = app.db(move |store| store.site(&site)).await?.time_zone;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let now = Timestamp::now();
    let today = now.to_zoned(zone.clone()).date();
    let day = match asked.day.as_deref().filter(|day| !day.is_empty()) {
        Some(day) => day.parse().map_err(not_a_day)?,
        None => today,
    };
    let (from, to) = bounds(day, &zone)?;
    let actor = user.actor_as_agent();
    // What lasts counts until now, not until midnight.
    let until = to.min(now).max(from);
    let history = app
        .db(move |store| store.history_for(&number, from, until, &actor))
        .await?;
    let next = (day < today).then(|| day.tomorrow().ok()).flatten();
    Ok(page(
        &Page::new("History", &user, "/agent/history"),
        html! {
            form.filters method="get" action="/agent/history" {
                (Field::day("day", "Day").value(&day.to_string()))
                div.actions {
                    button type="submit" { "Show" }
                    @if let Ok(before) = day.yesterday() { a.button href={ "/agent/history?day=" (before) } { "Day before" } }
                    @if let Some(next) = next { a.button href={ "/agent/history?day=" (next) } { "Day after" } }
                }
            }
            (body(&loaded, &history))
        },
    ))
}

fn not_a_day(_: jiff::Error) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "this is not a date")
        .field("day")
        .hint("enter a date such as 2026-01-31")
}

fn bounds(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Problem> {
    let begin = |day: Date| day.to_zoned(zone.clone()).map(|begin| begin.timestamp());
    let next = day.checked_add(1.day()).and_then(begin).map_err(not_a_day)?;
    Ok((begin(day).map_err(not_a_day)?, next))
}

fn body(loaded: &Loaded, history: &History) -> Markup {
    let totals = &history.totals;
    let figures = [
        ("Logged in", totals.logged_in),
        ("Available", totals.available),
        ("Paused", totals.paused_in_all()),
        ("Partly paused", totals.partly_paused),
    ];
    html! {
        section.card aria-label="Totals" {
            dl.figures {
                @for (label, long) in figures {
                    div { dt { (label) } dd.number { (duration(long)) } }
                }
            }
            @if !totals.paused.is_empty() {
                h2 { "Pauses by reason" }
                dl.facts {
                    @for (reason, long) in &totals.paused {
                        dt { @match reason { Some(reason) => (loaded.label(reason.as_str())), None => { "No reason" } } }
                        dd.number { (duration(*long)) " " span.soft { (share(*long, totals.logged_in)) } }
                    }
                }
            }
        }
        (table("Sessions", &["From", "Until", "Duration", "Place", "Ended"], history.sessions.iter().map(session)))
        (table("Pauses", &["From", "Until", "Duration", "Reason", "Queue", "By"], history.pauses.iter().map(|record| pause(loaded, record))))
    }
}

fn share(part: SignedDuration, whole: SignedDuration) -> String {
    if whole.is_zero() {
        return String::new();
    }
    format!("{:.0} %", part.as_secs_f64() / whole.as_secs_f64() * 100.0)
}

fn until(from: Timestamp, to: Option<Timestamp>) -> [Markup; 2] {
    match to {
        Some(to) => [
            moment(to),
            html! { span.number { (duration(to.duration_since(from))) } },
        ],
        None => [html! { "Still" }, since(from)],
    }
}

fn session(session: &SessionRecord) -> Vec<Markup> {
    let [to, long] = until(session.began_at, session.ended_at);
    let place = match &session.phone {
        Some(phone) => format!("Phone {phone}"),
        None => number_of(&session.interface),
    };
    let ended = match (session.end_cause.as_deref(), session.ended_by.as_deref().map(person)) {
        (Some("agent"), _) => "Logged out".to_owned(),
        (Some("disconnection"), _) => "Page not connected".to_owned(),
        (Some("take_over"), Some(by)) => format!("Taken over by {by}"),
        (Some(_), Some(by)) => format!("By {by}"),
        _ => String::new(),
    };
    let ended = match &session.end_reason {
        Some(reason) => format!("{ended}: {reason}"),
        None => ended,
    };
    vec![moment(session.began_at), to, long, html! { (place) }, html! { (ended) }]
}

/// The number that an interface means.
fn number_of(interface: &str) -> String {
    let Ok(interface) = Interface::try_from(interface) else {
        return interface.to_owned();
    };
    let outside = interface.outside_number().map(|number| number.to_string());
    let device = interface.device().map(|(_, number)| number.to_string());
    outside.or(device).unwrap_or_else(|| interface.to_string())
}

fn pause(loaded: &Loaded, pause: &PauseRecord) -> Vec<Markup> {
    let [to, long] = until(pause.began_at, pause.ended_at);
    vec![
        moment(pause.began_at),
        to,
        long,
        html! { (pause.reason.as_deref().map_or("No reason", |reason| loaded.label(reason))) },
        html! { (pause.queue.as_deref().unwrap_or("All")) },
        html! { (person(&pause.by)) },
    ]
}
