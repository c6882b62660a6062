//! What agents' pages reported, for an administrator.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use maud::{Markup, html};
use peerage_model::{LogLevel, Number, Role};
use peerage_store::{ClientLogEntry, ClientLogFilter};

use super::audit::midnight;
use super::listing::{Asked, Place, address, counted};
use super::shell::{Field, Fields, Page, PageProblem, Select, moment, page, table};
use crate::app::App;
use crate::console::PageUser;
use crate::problem::Problem;

/// Most reports on a page.
const PAGE: usize = 200;

/// Its routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/client-logs", get(list))
}

/// `GET /client-logs`
async fn list(State(app): State<App>, PageUser(user): PageUser, Asked(asked): Asked) -> Result<Markup, PageProblem> {
    user.require(&[Role::Admin])?;
    let filter = filter(&asked)?;
    let mut entries = app.db(move |store| store.client_logs(&filter)).await?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let query = ["agent", "level", "since", "until"].map(|name| (name, asked.text(name)));
    let last = entries.last().filter(|_| more).map(|entry| entry.id.to_string());
    let pager = Place::of(&asked).pager("/client-logs", &query, last, counted(entries.len(), "report"));
    let columns = ["Received", "Agent", "Level", "Event", "Details", "Browser time"];
    let age = app.settings().client_log_age.as_secs() / 86_400;
    Ok(page(
        &Page::new("Client logs", &user, "/client-logs"),
        html! {
            p.soft { "Reports of agents' pages, at the level set for each agent. Kept for " (age) " days." }
            (filters(&asked))
            (table("Reports", &columns, entries.iter().map(row)))
            (pager)
        },
    ))
}

fn filter(asked: &Fields) -> Result<ClientLogFilter, Problem> {
    let before_id = asked.get("after").map(str::parse).transpose();
    Ok(ClientLogFilter {
        agent: asked.get("agent").map(Number::try_from).transpose()?,
        level: asked.get("level").map(LogLevel::try_from).transpose()?,
        since: midnight(asked, "since")?,
        until: midnight(asked, "until")?,
        before_id: before_id.map_err(|_no_number| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "this page of reports does not exist",
            )
            .field("after")
        })?,
        limit: u32::try_from(PAGE + 1).ok(),
    })
}

fn filters(asked: &Fields) -> Markup {
    html! {
        form.filters method="get" action="/client-logs" role="search" aria-label="Reports" {
            (Field::search("agent", "Agent number").value(asked.text("agent")))
            (Select::new("level", "Level")
                .option("", "All levels")
                .option("error", "Errors")
                .option("warning", "Warnings and errors")
                .option("info", "Information, warnings and errors")
                .chosen(asked.text("level")))
            (Field::day("since", "Since (midnight UTC)").value(asked.text("since")))
            (Field::day("until", "Until (midnight UTC)").value(asked.text("until")))
            button type="submit" { "Show" }
        }
    }
}

fn row(entry: &ClientLogEntry) -> Vec<Markup> {
    vec![
        moment(entry.received_at),
        html! { a href=(address("/client-logs", [("agent", entry.agent.as_str())])) { (entry.agent) } },
        html! { (entry.level) },
        html! { (entry.event) },
        html! { @if let Some(detail) = &entry.detail { pre { (detail) } } },
        html! { @if let Some(at) = entry.client_at { (moment(at)) } },
    ]
}
