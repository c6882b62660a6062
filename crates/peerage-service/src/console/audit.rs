//! Who changed what: the audit, with each change before and after.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use peerage_model::Role;
use peerage_store::{AuditEntry, AuditFilter};

use super::listing::{Asked, Place, address, counted};
use super::shell::{Field, Fields, Page, PageProblem, Select, moment, page};
use crate::app::App;
use crate::console::PageUser;
use crate::problem::Problem;

mod change;

/// Most changes on a page.
const PAGE: usize = 50;

/// The tables that are watched.
const RELATIONS: [&str; 15] = [
    "agent",
    "agent_channel",
    "api_token",
    "login_account",
    "node",
    "node_site",
    "pause_reason",
    "phone",
    "queue",
    "queue_assignment",
    "queue_rule",
    "sip_account",
    "sip_secret",
    "site",
    "supervisor_queue",
];

/// Its routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/audit", get(list)).route("/audit/{id}", get(show))
}

/// `GET /audit`
async fn list(State(app): State<App>, PageUser(user): PageUser, Asked(asked): Asked) -> Result<Markup, PageProblem> {
    user.require(&[Role::Admin])?;
    let filter = filter(&asked)?;
    let mut entries = app.db(move |store| store.audit(&filter)).await?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let query = ["subject", "table", "actor", "since"].map(|name| (name, asked.text(name)));
    let last = entries.last().filter(|_| more).map(|entry| entry.id.to_string());
    let pager = Place::of(&asked).pager("/audit", &query, last, counted(entries.len(), "change"));
    Ok(page(
        &Page::new("Change history", &user, "/audit"),
        html! {
            (filters(&asked))
            @if entries.is_empty() { p.soft { "No changes match the filter." } }
            @for entry in &entries { (shown(entry)) }
            (pager)
        },
    ))
}

/// `GET /audit/{id}`
async fn show(State(app): State<App>, PageUser(user): PageUser, Path(id): Path<String>) -> Result<Markup, PageProblem> {
    user.require(&[Role::Admin])?;
    let id = id
        .parse()
        .map_err(|_no_number| Problem::not_found("this change does not exist"))?;
    let entry = app.db(move |store| store.audit_entry(id)).await?;
    let title = format!("Change {id}");
    Ok(page(&Page::new(&title, &user, "/audit"), shown(&entry)))
}

fn filter(asked: &Fields) -> Result<AuditFilter, Problem> {
    let text = |name| asked.get(name).map(str::to_owned);
    let before_id = asked.get("after").map(str::parse).transpose();
    Ok(AuditFilter {
        subject: text("subject"),
        relation: text("table"),
        actor: text("actor"),
        since: midnight(asked, "since")?,
        before_id: before_id.map_err(|_no_number| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "this page of the change history does not exist",
            )
            .field("after")
        })?,
        limit: u32::try_from(PAGE + 1).ok(),
    })
}

/// The first moment, in UTC, of a day of the address.
///
/// # Errors
///
/// It is no day.
pub(super) fn midnight(asked: &Fields, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = asked.get(name) else { return Ok(None) };
    let day: Result<Date, _> = text.parse();
    let begun = day.and_then(|day| day.to_zoned(TimeZone::UTC));
    begun.map(|begun| Some(begun.timestamp())).map_err(|_no_day| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            format!("`{text}` is no day"),
        )
        .field(name)
        .hint("enter a date such as 2026-06-01")
    })
}

fn filters(asked: &Fields) -> Markup {
    html! {
        form.filters method="get" action="/audit" role="search" aria-label="Changes" {
            (Field::search("subject", "Number or name").value(asked.text("subject")))
            (Select::new("table", "Table").option("", "All tables").words(RELATIONS).chosen(asked.text("table")))
            (Field::text("actor", "Changed by").value(asked.text("actor")))
            (Field::day("since", "Since (midnight UTC)").value(asked.text("since")))
            button type="submit" { "Show" }
        }
    }
}

fn shown(entry: &AuditEntry) -> Markup {
    let done = match entry.operation.as_str() {
        "insert" => "made",
        "delete" => "removed",
        _ => "changed",
    };
    let changes = change::of(entry.before.as_ref(), entry.after.as_ref());
    html! {
        article.card.change aria-labelledby={ "change-" (entry.id) } {
            h2 id={ "change-" (entry.id) } {
                (entry.relation) " "
                @match &entry.subject {
                    Some(subject) => a href=(address("/audit", [("subject", subject.as_str())])) { (subject) },
                    None => { "#" (entry.row_id) },
                }
                " " (done)
            }
            p.soft { (moment(entry.at)) " by " (entry.actor) @if let Some(address) = &entry.address { " from " (address) } " · " a href={ "/audit/" (entry.id) } { "change " (entry.id) } }
            (change::compared(&changes))
        }
    }
}
