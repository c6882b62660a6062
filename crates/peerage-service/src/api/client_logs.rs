//! What agents' pages report.

use axum::extract::State;
use jiff::Timestamp;
use peerage_model::{LogLevel, Number};
use peerage_store::{ClientLog, ClientLogEntry, ClientLogFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::limit;
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::allow_reports;
use crate::extract::{Json, Query};
use crate::problem::Problem;

/// Most reports of one request.
const AT_ONCE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, report))
}

/// Filters of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// Only reports of this agent.
    #[param(value_type = Option<types::Number>)]
    agent: Option<Number>,
    /// Only reports of this level or more severe.
    #[param(value_type = Option<types::ReportLevel>)]
    level: Option<LogLevel>,
    /// Only reports that arrived at or after this time.
    #[param(value_type = Option<types::Timestamp>)]
    since: Option<Timestamp>,
    /// Only reports that arrived before this time.
    #[param(value_type = Option<types::Timestamp>)]
    until: Option<Timestamp>,
    /// Only entries before this ID: `next` of the previous page.
    before: Option<i64>,
    /// Maximum number of entries; default 100.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A report of an agent's page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogEntry {
    /// ID; increases with each report.
    id: i64,
    /// The agent.
    #[schema(value_type = types::Number)]
    agent: Number,
    /// Level.
    #[schema(value_type = types::ReportLevel)]
    level: LogLevel,
    /// What happened.
    event: String,
    /// Details.
    #[schema(required)]
    detail: Option<String>,
    /// Time by the browser's clock.
    #[schema(value_type = Option<types::Timestamp>, required)]
    client_at: Option<Timestamp>,
    /// Time of arrival.
    #[schema(value_type = types::Timestamp)]
    received_at: Timestamp,
}

impl From<ClientLogEntry> for LogEntry {
    fn from(entry: ClientLogEntry) -> Self {
        Self {
            id: entry.id,
            agent: entry.agent,
            level: entry.level,
            event: entry.event,
            detail: entry.detail,
            client_at: entry.client_at,
            received_at: entry.received_at,
        }
    }
}

/// A page of reports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogEntries {
    /// The reports, newest first.
    items: Vec<LogEntry>,
    /// The value of `before` for the next page; null on the last one.
    #[schema(required)]
    next: Option<i64>,
}

/// List reports of agents' pages
#[utoipa::path(get, path = "/api/v1/client-logs", tag = "client logs", operation_id = "list_client_logs",
    params(LogQuery), responses((status = 200, description = "A page of reports", body = LogEntries)))]
async fn list(State(app): State<App>, Query(query): Query<LogQuery>) -> Result<Json<LogEntries>, Problem> {
    let limit = limit(query.limit)?;
    let filter = ClientLogFilter {
        agent: query.agent,
        level: query.level,
        since: query.since,
        until: query.until,
        before_id: query.before,
        limit: Some(limit + 1),
    };
    let found = app.db(move |store| store.client_logs(&filter)).await?;
    let mut items: Vec<LogEntry> = found.into_iter().map(LogEntry::from).collect();
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next = items.last().map(|last| last.id).filter(|_| more);
    Ok(Json(LogEntries { items, next }))
}

/// A report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// Level.
    #[schema(value_type = types::ReportLevel)]
    level: LogLevel,
    /// What happened.
    #[schema(value_type = types::Event)]
    event: String,
    /// Details.
    #[schema(value_type = Option<types::Detail>)]
    detail: Option<String>,
    /// Time by the browser's clock.
    #[schema(value_type = Option<types::Timestamp>)]
    at: Option<Timestamp>,
}

/// Reports of a page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reports {
    /// The reports, in order.
    #[schema(max_items = 50)]
    reports: Vec<Report>,
}

/// Number of reports stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kept {
    /// Reports stored; others are below the agent's level.
    kept: usize,
}

/// Send reports of an agent's page
///
/// Reports below the agent's level are dropped.
#[utoipa::path(post, path = "/api/v1/client-logs", tag = "client logs", operation_id = "add_client_logs",
    request_body = Reports,
    responses(
        (status = 200, description = "Stored", body = Kept),
        (status = 429, description = "Too many reports from the agent's pages", body = Problem)
    ))]
async fn report(
    State(app): State<App>,
    who: SignedIn,
    Json(Reports { reports }): Json<Reports>,
) -> Result<Json<Kept>, Problem> {
    let Some(agent) = who.agent.clone() else {
        return Err(Problem::not_permitted(
            "only agents can do this, and your user is not an agent",
        ));
    };
    if reports.len() > AT_ONCE {
        return Err(Problem::invalid(
            "reports",
            format!("`reports` has more than {AT_ONCE}"),
        ));
    }
    if reports.iter().any(|report| report.level == LogLevel::Off) {
        return Err(Problem::invalid(
            "level",
            "`level` cannot be `off`: one of error, warning, info, debug",
        ));
    }
    allow_reports(&agent, reports.len())?;
    let logs: Vec<ClientLog> = reports
        .into_iter()
        .map(|report| ClientLog {
            level: report.level,
            event: report.event,
            detail: report.detail,
            client_at: report.at,
        })
        .collect();
    let kept = app
        .db_as(who.store_actor()?, move |store| store.add_client_logs(&agent, &logs))
        .await?;
    Ok(Json(Kept { kept }))
}
