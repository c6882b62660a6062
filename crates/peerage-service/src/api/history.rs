//! Agents: how they were.

use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use peerage_model::{Number, PauseReason};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::of::OfAgent;
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;

/// What is told of when nothing is said.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Longest time told of at once.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(history))
}

/// Which time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// Start; default: a day before `to`.
    #[param(value_type = Option<types::Timestamp>)]
    from: Option<Timestamp>,
    /// End; default, and at most, now.
    #[param(value_type = Option<types::Timestamp>)]
    to: Option<Timestamp>,
}

impl Window {
    fn read(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let to = self.to.map_or(now, |to| to.min(now));
        let from = match self.from {
            Some(from) => from,
            None => to.checked_sub(DAY).unwrap_or(Timestamp::MIN),
        };
        if from >= to {
            return Err(Problem::invalid(
                "from",
                format!("`from` is not before `{to}`, where the time ends"),
            ));
        }
        if to.duration_since(from) > LONGEST {
            return Err(Problem::invalid("from", "more than 366 days are not told of at once"));
        }
        Ok((from, to))
    }
}

/// An agent's history in a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct History {
    /// The agent.
    #[schema(value_type = types::Number)]
    agent: Number,
    /// From when.
    #[schema(value_type = types::Timestamp)]
    from: Timestamp,
    /// Until when.
    #[schema(value_type = types::Timestamp)]
    to: Timestamp,
    /// Sessions in the period, oldest first.
    sessions: Vec<SessionSeen>,
    /// Pauses in the period, oldest first.
    pauses: Vec<PauseRecord>,
    /// Totals within the period.
    totals: Totals,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionSeen {
    /// Login.
    #[schema(value_type = types::Timestamp)]
    began_at: Timestamp,
    /// Logout; null while open.
    #[schema(value_type = Option<types::Timestamp>, required)]
    ended_at: Option<Timestamp>,
    /// The interface that app_queue dialled last.
    interface: String,
    /// The hot-desk phone used last.
    #[schema(required)]
    phone: Option<String>,
    /// Who logged the agent in.
    begun_by: String,
    /// Who ended the session; null while open.
    #[schema(required)]
    ended_by: Option<String>,
    /// Why the session ended; null while open.
    #[schema(value_type = Option<types::EndCause>, required)]
    end_cause: Option<String>,
    /// Reason given for the end.
    #[schema(required)]
    end_reason: Option<String>,
}

/// A pause.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PauseRecord {
    /// The one queue; null for all.
    #[schema(required)]
    queue: Option<String>,
    /// Reason as written.
    #[schema(required)]
    reason: Option<String>,
    /// From when.
    #[schema(value_type = types::Timestamp)]
    began_at: Timestamp,
    /// End; null while paused.
    #[schema(value_type = Option<types::Timestamp>, required)]
    ended_at: Option<Timestamp>,
    /// Who paused.
    by: String,
    /// Who ended the pause; null while paused.
    #[schema(required)]
    ended_by: Option<String>,
    /// Whether the pause was forced by somebody else.
    forced: bool,
}

/// Totals in seconds; `logged_in` is the sum of the others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Totals {
    /// Logged in.
    logged_in: f64,
    /// Available.
    available: f64,
    /// Paused in some queues.
    partly_paused: f64,
    /// Paused, by reason.
    paused: Vec<PausedFor>,
}

/// The time paused for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PausedFor {
    /// The reason; null for none given.
    #[schema(value_type = Option<types::PauseReason>, required)]
    reason: Option<PauseReason>,
    /// Seconds.
    seconds: f64,
}

impl From<peerage_model::Totals> for Totals {
    fn from(totals: peerage_model::Totals) -> Self {
        let paused = totals.paused.into_iter().map(|(reason, time)| PausedFor {
            reason,
            seconds: time.as_secs_f64(),
        });
        Self {
            logged_in: totals.logged_in.as_secs_f64(),
            available: totals.available.as_secs_f64(),
            partly_paused: totals.partly_paused.as_secs_f64(),
            paused: paused.collect(),
        }
    }
}

/// Show an agent's history
///
/// Administrators also see removed agents. Agents need the permission `see_own_history`.
#[utoipa::path(get, path = "/api/v1/agents/{number}/history", tag = "state", operation_id = "get_agent_history",
    params(OfAgent, Window), responses((status = 200, description = "The history", body = History)))]
async fn history(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Query(window): Query<Window>,
) -> Result<Json<History>, Problem> {
    let (from, to) = window.read(Timestamp::now())?;
    let (agent, actor) = (of.number.clone(), who.actor());
    let told = app.db(move |store| store.history_for(&agent, from, to, &actor)).await?;
    let sessions = told.sessions.into_iter().map(|one| SessionSeen {
        began_at: one.began_at,
        ended_at: one.ended_at,
        interface: one.interface,
        phone: one.phone,
        begun_by: one.begun_by,
        ended_by: one.ended_by,
        end_cause: one.end_cause,
        end_reason: one.end_reason,
    });
    let pauses = told.pauses.into_iter().map(|one| PauseRecord {
        queue: one.queue,
        reason: one.reason,
        began_at: one.began_at,
        ended_at: one.ended_at,
        by: one.by,
        ended_by: one.ended_by,
        forced: one.forced,
    });
    Ok(Json(History {
        agent: of.number,
        from,
        to,
        sessions: sessions.collect(),
        pauses: pauses.collect(),
        totals: told.totals.into(),
    }))
}
