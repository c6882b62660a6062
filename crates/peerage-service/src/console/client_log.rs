//! What agents' pages report. The store keeps what the agent's level asks for, whatever the page sends.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use peerage_model::{LogLevel, Number};
use peerage_store::ClientLog;
use serde::Deserialize;
use tokio::time::Instant;

use crate::app::App;
use crate::auth::SignedIn;
use crate::problem::Problem;

/// Most bytes of one report.
const BYTES: usize = 64 * 1024;
/// Most entries of one report; what is more is dropped.
const ENTRIES: usize = 50;
/// Most entries of an agent in a window.
const ALLOWED: usize = 300;
const WINDOW: Duration = Duration::from_secs(60);
/// Longest texts; the table's rules, in characters.
const EVENT: usize = 200;
const DETAIL: usize = 4000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/client-log", post(take))
        .layer(DefaultBodyLimit::max(BYTES))
}

#[derive(Debug, Deserialize)]
struct Report {
    entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    level: String,
    event: String,
    detail: Option<String>,
    at: Option<Timestamp>,
}

async fn take(State(app): State<App>, user: SignedIn, Json(report): Json<Report>) -> Result<StatusCode, Problem> {
    let Some(agent) = user.agent.clone() else {
        return Err(Problem::not_permitted("only agents' pages can send reports"));
    };
    allow_reports(&agent, report.entries.len().min(ENTRIES))?;
    let logs: Vec<ClientLog> = report.entries.into_iter().take(ENTRIES).filter_map(log).collect();
    if !logs.is_empty() {
        app.db_as(user.store_actor()?, move |store| store.add_client_logs(&agent, &logs))
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Counts so many entries against what an agent may report.
///
/// # Errors
///
/// It is too much.
pub(crate) fn allow_reports(agent: &Number, entries: usize) -> Result<(), Problem> {
    if BUDGETS.allow(agent, entries) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many",
        "too many reports from this page",
    )
    .hint("wait a minute"))
}

/// An entry, cut to what is kept; none when there is nothing to keep.
fn log(entry: Entry) -> Option<ClientLog> {
    let level: LogLevel = entry.level.parse().ok()?;
    let event = cut(&entry.event, EVENT);
    (level != LogLevel::Off && !event.is_empty()).then(|| ClientLog {
        level,
        event,
        detail: entry
            .detail
            .map(|detail| cut(&detail, DETAIL))
            .filter(|detail| !detail.is_empty()),
        client_at: entry.at,
    })
}

fn cut(text: &str, most: usize) -> String {
    // PostgreSQL's text holds any character but this.
    text.trim().chars().filter(|c| *c != '\0').take(most).collect()
}

/// How much each agent has reported lately.
struct Budgets(Mutex<HashMap<Number, (Instant, usize)>>);

static BUDGETS: LazyLock<Budgets> = LazyLock::new(|| Budgets(Mutex::default()));

impl Budgets {
    /// Whether so many more are allowed now.
    fn allow(&self, agent: &Number, entries: usize) -> bool {
        let now = Instant::now();
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        let (_, count) = used.entry(agent.clone()).or_insert((now, 0));
        *count += entries.max(1);
        *count <= ALLOWED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_reports_without_end_is_stopped_and_others_are_not() {
        let budgets = Budgets(Mutex::default());
        let (loud, quiet): (Number, Number) = ("1".parse().unwrap(), "2".parse().unwrap());
        let heard = (0..100).filter(|_| budgets.allow(&loud, ENTRIES)).count();
        assert_eq!(heard, ALLOWED / ENTRIES);
        assert!(budgets.allow(&quiet, 1));
    }

    #[test]
    fn what_cannot_be_kept_is_dropped_or_cut() {
        let entry = |level: &str, event: &str| Entry {
            level: level.to_owned(),
            event: event.to_owned(),
            detail: Some("\0".repeat(3)),
            at: None,
        };
        assert!(log(entry("off", "x")).is_none());
        assert!(log(entry("loud", "x")).is_none());
        assert!(log(entry("info", " ")).is_none());
        let kept = log(entry("info", &"é".repeat(500))).unwrap();
        assert_eq!((kept.event.chars().count(), kept.detail), (EVENT, None));
    }
}
