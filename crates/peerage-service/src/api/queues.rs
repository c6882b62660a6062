//! Queues, and who is assigned to them.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use peerage_model::{Number, Penalty, QueueName, Role};
use peerage_store::{Assigned, QueuePatch, Store, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::changes;
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(assign, unassign))
}

/// The queue of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfQueue {
    /// The queue's name.
    #[param(value_type = types::QueueName)]
    name: QueueName,
}

/// The assignment of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfAssignment {
    /// The queue's name.
    #[param(value_type = types::QueueName)]
    name: QueueName,
    /// The agent's number.
    #[param(value_type = types::Number)]
    agent: Number,
}

/// A queue of app_queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// Name.
    #[schema(value_type = types::QueueName)]
    name: QueueName,
    /// Free text.
    #[schema(required)]
    description: Option<String>,
    /// Ring strategy.
    #[schema(value_type = types::Strategy)]
    strategy: String,
    /// Seconds a member rings; 0: no limit.
    #[schema(value_type = types::Timeout)]
    timeout: i32,
    /// Seconds before the next member rings.
    #[schema(value_type = types::Retry)]
    retry: i32,
    /// Wrap-up time after a call, in seconds.
    #[schema(value_type = types::Seconds)]
    wrapup: i32,
    /// Maximum waiting callers; 0: no limit.
    #[schema(value_type = types::MaxLength)]
    max_length: i32,
    /// Queues with a higher weight are served first.
    #[schema(value_type = types::Weight)]
    weight: i32,
    /// Service level: seconds within which a call should be answered.
    #[schema(value_type = types::Seconds)]
    service_level: i32,
    /// Whether members who are on a call ring.
    ring_in_use: bool,
    /// Whether a missed call pauses the member: no, in this queue (yes), in all queues (all).
    #[schema(value_type = types::AutoPause)]
    autopause: String,
    /// Whether callers may join a queue without members.
    join_empty: String,
    /// Whether waiting callers leave a queue without members.
    leave_when_empty: String,
    /// Music on hold class; null for the channel's.
    #[schema(required)]
    music_class: Option<String>,
    /// Other options of app_queue, by name.
    option: BTreeMap<String, String>,
    /// Assigned agents, by number.
    agents: Vec<AssignedAgent>,
    /// Warnings about unexpected settings and, after a change, about what it still requires.
    warnings: Vec<String>,
}

/// An agent who is assigned to a queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignedAgent {
    /// The agent.
    #[schema(value_type = types::Number)]
    agent: Number,
    /// Current penalty, which Asterisk may have changed; members with a lower penalty ring first.
    penalty: i64,
    /// Assigned penalty, used from the next login.
    #[schema(value_type = types::Penalty)]
    assigned_penalty: Penalty,
    /// Whether the agent is a member now.
    logged_in: bool,
    /// Whether the agent is paused in the queue.
    paused: bool,
}

impl From<Assigned> for AssignedAgent {
    fn from(one: Assigned) -> Self {
        Self {
            agent: one.agent,
            penalty: one.penalty,
            assigned_penalty: one.assigned_penalty,
            logged_in: one.logged_in,
            paused: one.paused,
        }
    }
}

impl From<peerage_store::Queue> for Queue {
    fn from(queue: peerage_store::Queue) -> Self {
        Self {
            warnings: queue.warnings(),
            name: queue.name,
            description: queue.description,
            strategy: queue.strategy,
            timeout: queue.timeout_seconds,
            retry: queue.retry_seconds,
            wrapup: queue.wrapup_seconds,
            max_length: queue.max_length,
            weight: queue.weight,
            service_level: queue.service_level_seconds,
            ring_in_use: queue.ring_in_use,
            autopause: queue.autopause,
            join_empty: queue.join_empty,
            leave_when_empty: queue.leave_when_empty,
            music_class: queue.music_class,
            option: queue.options,
            agents: queue.agents.into_iter().map(AssignedAgent::from).collect(),
        }
    }
}

/// Texts and numbers that the database checks, by the names of their rules.
type Strategy = String;
type AutoPause = String;
type Emptiness = String;
type MusicClass = String;
type FreeText = String;
type Timeout = i32;
type Retry = i32;
type Seconds = i32;
type MaxLength = i32;
type Weight = i32;
type Options = BTreeMap<String, Option<String>>;

changes! {
    /// Changes of a queue, or a new one. Omitted fields stay unchanged or get their default; null clears a field.
    QueueChanges {
        /// Name, as in Queue(NAME).
        name: QueueName,
        /// Free text.
        description: FreeText or null,
        /// Ring strategy. New: ringall.
        strategy: Strategy,
        /// Seconds a member rings; 0: no limit. New: 15.
        timeout: Timeout,
        /// Seconds before the next member rings. New: 5.
        retry: Retry,
        /// Wrap-up time after a call, in seconds. New: 0.
        wrapup: Seconds,
        /// Maximum waiting callers; 0: no limit. New: 0.
        max_length: MaxLength,
        /// Queues with a higher weight are served first. New: 0.
        weight: Weight,
        /// Service level: seconds within which a call should be answered. New: 60.
        service_level: Seconds,
        /// Whether members who are on a call ring. New: no.
        ring_in_use: bool,
        /// Whether a missed call pauses the member: no, in this queue (yes), in all queues (all). New: no.
        autopause: AutoPause,
        /// Whether callers may join a queue without members. New: yes.
        join_empty: Emptiness,
        /// Whether waiting callers leave a queue without members. New: no.
        leave_when_empty: Emptiness,
        /// Music on hold class; null for the channel's.
        music_class: MusicClass or null,
        /// Other options of app_queue, by name; null removes an option; omitted options stay.
        option: Options,
    }
}

impl From<QueueChanges> for QueuePatch {
    fn from(changes: QueueChanges) -> Self {
        Self {
            name: changes.name.into_option(),
            description: changes.description.into_option(),
            strategy: changes.strategy.into_option(),
            timeout_seconds: changes.timeout.into_option(),
            retry_seconds: changes.retry.into_option(),
            wrapup_seconds: changes.wrapup.into_option(),
            max_length: changes.max_length.into_option(),
            weight: changes.weight.into_option(),
            service_level_seconds: changes.service_level.into_option(),
            ring_in_use: changes.ring_in_use.into_option(),
            autopause: changes.autopause.into_option(),
            join_empty: changes.join_empty.into_option(),
            leave_when_empty: changes.leave_when_empty.into_option(),
            music_class: changes.music_class.into_option(),
            options: changes.option.into_option().unwrap_or_default(),
        }
    }
}

/// Maps a database error about a queue to the API's field name.
fn placed(error: StoreError) -> Problem {
    let mut problem = Problem::from(error);
    problem.details.field = problem.details.field.map(|field| match field.as_str() {
        "options" => "option".to_owned(),
        other => other.trim_end_matches("_seconds").to_owned(),
    });
    problem
}

/// A new queue; the name is required.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct QueueToAdd(QueueChanges);

super::document::with_required!(QueueToAdd = QueueChanges, ["name"]);

/// All queues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queues {
    /// The queues, by name.
    items: Vec<Queue>,
}

/// List queues
///
/// Supervisors get their own queues.
#[utoipa::path(get, path = "/api/v1/queues", tag = "queues", operation_id = "list_queues",
    responses((status = 200, description = "The queues", body = Queues)))]
async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Queues>, Problem> {
    let queues = app.db(Store::queues).await?;
    let items = queues
        .into_iter()
        .filter(|queue| who.role == Role::Admin || who.queues.contains(&queue.name))
        .map(Queue::from)
        .collect();
    Ok(Json(Queues { items }))
}

/// Add a queue
#[utoipa::path(post, path = "/api/v1/queues", tag = "queues", operation_id = "add_queue",
    request_body = QueueToAdd, responses((status = 201, description = "Added", body = Queue)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(QueueToAdd(mut changes)): Json<QueueToAdd>,
) -> Result<(StatusCode, Json<Queue>), Problem> {
    let name = std::mem::take(&mut changes.name)
        .into_option()
        .ok_or_else(|| Problem::invalid("name", "`name` is missing"))?;
    let (new, patch) = (name.clone(), QueuePatch::from(changes));
    app.db_as(who.store_actor()?, move |store| store.add_queue(&new, &patch))
        .await
        .map_err(placed)?;
    let queue = one(&app, name).await?;
    Ok((StatusCode::CREATED, Json(queue)))
}

async fn one(app: &App, name: QueueName) -> Result<Queue, Problem> {
    Ok(app.db(move |store| store.queue(&name)).await?.into())
}

/// Show a queue
#[utoipa::path(get, path = "/api/v1/queues/{name}", tag = "queues", operation_id = "get_queue",
    params(OfQueue), responses((status = 200, description = "The queue", body = Queue)))]
async fn get(State(app): State<App>, Path(of): Path<OfQueue>) -> Result<Json<Queue>, Problem> {
    one(&app, of.name).await.map(Json)
}

/// Change a queue
#[utoipa::path(patch, path = "/api/v1/queues/{name}", tag = "queues", operation_id = "set_queue",
    params(OfQueue), request_body = QueueChanges,
    responses((status = 200, description = "The queue as it is now", body = Queue)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfQueue>,
    Json(changes): Json<QueueChanges>,
) -> Result<Json<Queue>, Problem> {
    let patch = QueuePatch::from(changes);
    let after = patch.name.clone().unwrap_or_else(|| of.name.clone());
    let needed = app
        .db_as(who.store_actor()?, move |store| {
            let needed = store.queue(&of.name)?.needs_restart(&patch);
            store.set_queue(&of.name, &patch)?;
            Ok::<_, StoreError>(needed)
        })
        .await
        .map_err(placed)?;
    let mut queue = one(&app, after).await?;
    queue.warnings.extend(needed);
    Ok(Json(queue))
}

/// Remove a queue
///
/// Its members leave it, and its assignments are deleted.
#[utoipa::path(delete, path = "/api/v1/queues/{name}", tag = "queues", operation_id = "remove_queue",
    params(OfQueue), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfQueue>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_queue(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How an agent is assigned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    /// Members with a lower penalty ring first. New: 0.
    #[serde(default)]
    #[schema(value_type = types::Penalty)]
    penalty: Penalty,
}

/// Assign an agent to a queue, or change the penalty
///
/// An agent who is logged in joins at once.
#[utoipa::path(put, path = "/api/v1/queues/{name}/agents/{agent}", tag = "queues", operation_id = "assign_agent",
    params(OfAssignment), request_body = Assignment,
    responses((status = 200, description = "The queue as it is now", body = Queue)))]
async fn assign(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAssignment>,
    Json(assignment): Json<Assignment>,
) -> Result<Json<Queue>, Problem> {
    let name = of.name.clone();
    app.db_as(who.store_actor()?, move |store| {
        store.assign(&of.name, &of.agent, assignment.penalty)
    })
    .await?;
    one(&app, name).await.map(Json)
}

/// Remove an agent from a queue
#[utoipa::path(delete, path = "/api/v1/queues/{name}/agents/{agent}", tag = "queues", operation_id = "unassign_agent",
    params(OfAssignment), responses((status = 200, description = "The queue as it is now", body = Queue)))]
async fn unassign(State(app): State<App>, who: SignedIn, Path(of): Path<OfAssignment>) -> Result<Json<Queue>, Problem> {
    let name = of.name.clone();
    app.db_as(who.store_actor()?, move |store| store.unassign(&of.name, &of.agent))
        .await?;
    one(&app, name).await.map(Json)
}
