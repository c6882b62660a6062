//! Agents: how they are, and what changes that.

use axum::extract::State;
use jiff::Timestamp;
use peerage_model::{
    Actor, Choice, DisplayState, EndOther, EndReason, Interface, InterfaceKind, LoginDecision, LoginRequest,
    LogoutRequest, LogoutTime, MoveDecision, MoveRequest, NodeName, Number, OnConflict, PauseReason, PauseRequest,
    Place, QueueName, ReasonCode, Refusal, Role, Situation, UnpauseRequest, Unreachable, WhyUnreachable, decide_login,
    decide_move,
};
use peerage_store::{AgentNow, StateError, Store};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::of::OfAgent;
use super::types;
use crate::app::App;
use crate::auth::{SignedIn, may_steer};
use crate::extract::{Json, Path};
use crate::live::agents_now;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(state))
        .routes(routes!(login))
        .routes(routes!(move_to))
        .routes(routes!(logout))
        .routes(routes!(pause))
        .routes(routes!(unpause))
}

/// The states by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Name {
    OnCall,
    Ringing,
    Paused,
    PartlyPaused,
    Unreachable,
    Available,
    Offline,
}

impl Name {
    /// The state of an agent; one who is missing is offline.
    pub(super) fn of(now: Option<&AgentNow>) -> Self {
        match now.map(|now| &now.state) {
            Some(DisplayState::OnCall) => Self::OnCall,
            Some(DisplayState::Ringing) => Self::Ringing,
            Some(DisplayState::Paused(_)) => Self::Paused,
            Some(DisplayState::PartlyPaused) => Self::PartlyPaused,
            Some(DisplayState::Unreachable) => Self::Unreachable,
            Some(DisplayState::Available) => Self::Available,
            Some(DisplayState::Offline) | None => Self::Offline,
        }
    }
}

/// An agent's current state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentState {
    /// The state.
    #[schema(value_type = types::AgentStateName)]
    state: Name,
    /// Pause reason; null if not paused, or without a reason.
    #[schema(value_type = Option<types::PauseReason>, required)]
    reason: Option<PauseReason>,
    /// Since when. Offline: the last logout; null for never. Available: the end of the last call, if later than the login or pause. On
    /// a call that began before the service started: creation of its channel.
    #[schema(value_type = Option<types::Timestamp>, required)]
    since: Option<Timestamp>,
    /// Login time; null if logged out.
    #[schema(value_type = Option<types::Timestamp>, required)]
    logged_in_since: Option<Timestamp>,
    /// Where calls ring; null if logged out.
    #[schema(required)]
    place: Option<PlaceSeen>,
    /// The nodes that cannot ring the device. While other nodes can, the agent is not unreachable, but callers at these nodes
    /// do not reach the agent.
    unreachable_at: Vec<UnreachableAt>,
}

/// A node that cannot ring an agent's device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreachableAt {
    /// The node; null if no node reports and registrations decide.
    #[schema(value_type = Option<types::NodeName>, required)]
    node: Option<NodeName>,
    /// Why.
    #[schema(value_type = types::WhyUnreachable)]
    reason: WhyUnreachable,
    /// The transport, node or modules concerned; null for none.
    #[schema(required)]
    detail: Option<String>,
    /// The reason for people.
    text: String,
}

impl From<&Unreachable> for UnreachableAt {
    fn from(at: &Unreachable) -> Self {
        Self {
            text: at.to_string(),
            node: at.node.clone(),
            reason: at.reason,
            detail: at.detail.clone(),
        }
    }
}

impl AgentState {
    pub(super) fn of(now: Option<&AgentNow>) -> Self {
        Self {
            state: Name::of(now),
            reason: match now.map(|now| &now.state) {
                Some(DisplayState::Paused(reason)) => reason.clone(),
                _ => None,
            },
            since: now.and_then(|now| now.since),
            logged_in_since: now.and_then(|now| now.logged_in_since),
            place: now.and_then(|now| now.place.clone()).map(PlaceSeen::from),
            unreachable_at: now
                .map(|now| now.unreachable_at.iter().map(UnreachableAt::from).collect())
                .unwrap_or_default(),
        }
    }

    /// Whether a session is open.
    pub(super) fn is_logged_in(now: Option<&AgentNow>) -> bool {
        now.is_some_and(|now| now.logged_in_since.is_some())
    }
}

/// A place where calls ring.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceSeen {
    /// Kind.
    #[schema(value_type = types::InterfaceKind)]
    kind: InterfaceKind,
    /// The interface that app_queue dials.
    #[schema(value_type = types::Interface)]
    interface: Interface,
    /// The hot-desk phone; null for other kinds.
    #[schema(value_type = Option<types::Number>, required)]
    phone: Option<Number>,
}

impl From<Place> for PlaceSeen {
    fn from(place: Place) -> Self {
        Self {
            kind: place.kind,
            interface: place.interface,
            phone: place.telephone,
        }
    }
}

/// Everything about an agent's state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StateInFull {
    /// The agent's state.
    now: AgentState,
    /// Queues of which the agent is a member now, by name.
    queues: Vec<Membership>,
    /// The logout that waits for the end of the call; null for none.
    #[schema(required)]
    leaving: Option<Leaving>,
}

/// A queue that an agent is a member of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Membership {
    /// The queue.
    #[schema(value_type = types::QueueName)]
    queue: QueueName,
    /// The pause in this queue; null if not paused.
    #[schema(required)]
    paused: Option<PauseSeen>,
}

/// A current pause.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PauseSeen {
    /// Reason; null for none.
    #[schema(value_type = Option<types::PauseReason>, required)]
    reason: Option<PauseReason>,
    /// Since when.
    #[schema(value_type = types::Timestamp)]
    since: Timestamp,
    /// Who paused.
    by: String,
    /// Whether the pause was forced by somebody else.
    forced: bool,
}

/// A pending logout.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Leaving {
    /// Who requested it.
    by: String,
    /// Reason given.
    #[schema(value_type = Option<types::EndReason>, required)]
    reason: Option<EndReason>,
}

impl StateInFull {
    fn of(now: Option<&AgentNow>, situation: Situation) -> Self {
        let session = situation.session;
        let queues = session.iter().flat_map(|session| {
            session.queues.iter().map(|queue| Membership {
                queue: queue.clone(),
                paused: session.pauses.of(queue).map(|pause| PauseSeen {
                    reason: pause.reason.clone(),
                    since: pause.since,
                    by: pause.by.clone(),
                    forced: pause.forced,
                }),
            })
        });
        Self {
            now: AgentState::of(now),
            queues: queues.collect(),
            leaving: session.and_then(|session| session.leaving).map(|leaving| Leaving {
                by: leaving.by,
                reason: leaving.reason,
            }),
        }
    }
}

/// The outcome.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    /// Whether anything changed. A repeated request succeeds and changes nothing.
    changed: bool,
    /// The agent's new state.
    state: StateInFull,
}

async fn in_full(app: &App, number: Number) -> Result<StateInFull, Problem> {
    let asked = number.clone();
    let situation = app.db(move |store| store.situation(&asked)).await?;
    let now = agents_now(app, vec![number.clone()]).await?;
    Ok(StateInFull::of(now.get(&number), situation))
}

/// Does it as who asks, and tells how the agent is then.
async fn act(
    app: &App,
    who: &SignedIn,
    number: Number,
    work: impl FnOnce(&Store, &Number, &Actor) -> Result<bool, StateError> + Send + 'static,
) -> Result<Json<Done>, Problem> {
    let (agent, actor) = (number.clone(), who.actor());
    let changed = app
        .db_as(who.store_actor()?, move |store| work(store, &agent, &actor))
        .await?;
    let state = in_full(app, number).await?;
    Ok(Json(Done { changed, state }))
}

/// Show an agent's state
#[utoipa::path(get, path = "/api/v1/agents/{number}/state", tag = "state", operation_id = "get_agent_state",
    params(OfAgent), responses((status = 200, description = "The state", body = StateInFull)))]
async fn state(State(app): State<App>, Path(of): Path<OfAgent>) -> Result<Json<StateInFull>, Problem> {
    in_full(&app, of.number).await.map(Json)
}

/// An interface of the agent's own.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnInterface {
    /// The agent's own account.
    Internal,
    /// The agent's phone number.
    Phone,
    /// The agent's mobile number.
    Mobile,
}

/// Where calls should ring: an interface of the agent's own, or a phone (hot desk).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Destination {
    /// An interface of the agent's own. Not together with `phone`.
    interface: Option<OwnInterface>,
    /// Number of a phone (hot desk).
    #[schema(value_type = Option<types::Number>)]
    phone: Option<Number>,
    /// Log out the agent who is there, if the site's conflict policy is take_over.
    #[serde(default)]
    take_over: bool,
    /// Log out the agent who is there, whatever the policy; for supervisors and administrators, with `reason`.
    #[serde(default)]
    force: bool,
    /// Reason, for the history of the agent who is logged out.
    #[schema(value_type = Option<types::EndReason>)]
    reason: Option<EndReason>,
}

impl Destination {
    fn read(self) -> Result<(Option<Choice>, OnConflict), Problem> {
        let choice = match (self.interface, self.phone) {
            (Some(_), Some(_)) => {
                return Err(Problem::invalid(
                    "interface",
                    "`interface` and `phone` exclude each other",
                ));
            }
            (Some(OwnInterface::Internal), None) => Some(Choice::Internal),
            (Some(OwnInterface::Phone), None) => Some(Choice::Phone),
            (Some(OwnInterface::Mobile), None) => Some(Choice::Mobile),
            (None, Some(phone)) => Some(Choice::Telephone(phone)),
            (None, None) => None,
        };
        let on_conflict = match (self.force, self.take_over, self.reason) {
            (true, true, _) => return Err(Problem::invalid("force", "`force` and `take_over` exclude each other")),
            (true, false, reason) => OnConflict::Force(reason),
            (false, _, Some(_)) => return Err(Problem::invalid("reason", "`reason` goes with `force` only")),
            (false, true, None) => OnConflict::TakeOver,
            (false, false, None) => OnConflict::Refuse,
        };
        Ok((choice, on_conflict))
    }
}

/// Whose session may end for another's.
enum MayEnd {
    /// Whosever is in the way: administrators may, and agents where the site's policy lets everybody.
    Anybody,
    /// This one's, of whom it was checked that the supervisor may steer; or nobody's.
    Only(Option<Number>),
}

/// Finds whose session would end, and that a supervisor may steer that agent, too.
async fn whose_ends(
    app: &App,
    who: &SignedIn,
    agent: &Number,
    decide: impl FnOnce(&Situation, &Actor) -> Result<Option<EndOther>, Refusal> + Send + 'static,
) -> Result<MayEnd, Problem> {
    if who.role != Role::Supervisor {
        return Ok(MayEnd::Anybody);
    }
    let (number, actor) = (agent.clone(), who.actor());
    let read = app.db(move |store| {
        let situation = store.situation(&number)?;
        Ok::<_, StateError>(decide(&situation, &actor)?)
    });
    let other = read.await?.map(|other| other.agent);
    if let Some(other) = &other {
        may_steer(app, who, other).await?;
    }
    Ok(MayEnd::Only(other))
}

/// Log an agent in
///
/// Without a destination, an agent who is already logged in stays there; any other agent logs in on internal. If the agent is
/// already logged in there, the request succeeds and changes nothing.
#[utoipa::path(post, path = "/api/v1/agents/{number}/login", tag = "state", operation_id = "log_in_agent",
    params(OfAgent), request_body = Destination, responses((status = 200, description = "Logged in", body = Done)))]
async fn login(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(destination): Json<Destination>,
) -> Result<Json<Done>, Problem> {
    let (choice, on_conflict) = destination.read()?;
    let request = LoginRequest { choice, on_conflict };
    let wanted = request.clone();
    let decide = move |situation: &Situation, actor: &Actor| {
        Ok(match decide_login(situation, &wanted, actor)? {
            LoginDecision::Begin(session) => session.ends,
            LoginDecision::Unchanged => None,
        })
    };
    let ends = whose_ends(&app, &who, &of.number, decide).await?;
    act(&app, &who, of.number, move |store, agent, actor| match ends {
        MayEnd::Anybody => store.log_in(agent, &request, actor),
        MayEnd::Only(other) => store.log_in_ending(agent, &request, other.as_ref(), actor),
    })
    .await
}

/// Move an agent to another phone or interface
///
/// The session continues with its pauses and queues; a current call is not affected.
#[utoipa::path(post, path = "/api/v1/agents/{number}/move", tag = "state", operation_id = "move_agent",
    params(OfAgent), request_body = Destination, responses((status = 200, description = "Moved", body = Done)))]
async fn move_to(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(destination): Json<Destination>,
) -> Result<Json<Done>, Problem> {
    let (choice, on_conflict) = destination.read()?;
    let choice = choice.ok_or_else(|| Problem::invalid("interface", "give `interface` or `phone`"))?;
    let request = MoveRequest { choice, on_conflict };
    let wanted = request.clone();
    let decide = move |situation: &Situation, actor: &Actor| {
        Ok(match decide_move(situation, &wanted, actor)? {
            MoveDecision::Move { ends, .. } => ends,
            MoveDecision::Unchanged => None,
        })
    };
    let ends = whose_ends(&app, &who, &of.number, decide).await?;
    act(&app, &who, of.number, move |store, agent, actor| match ends {
        MayEnd::Anybody => store.move_agent(agent, &request, actor),
        MayEnd::Only(other) => store.move_agent_ending(agent, &request, other.as_ref(), actor),
    })
    .await
}

/// When and why to log out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Logout {
    /// Log out when the current call ends.
    #[serde(default)]
    after_call: bool,
    /// Reason, for the agent's history.
    #[schema(value_type = Option<types::EndReason>)]
    reason: Option<EndReason>,
}

/// Log an agent out
///
/// A current call continues. With `after_call`, the agent gets no further call and is logged out when the call ends.
#[utoipa::path(post, path = "/api/v1/agents/{number}/logout", tag = "state", operation_id = "log_out_agent",
    params(OfAgent), request_body = Logout, responses((status = 200, description = "Logged out", body = Done)))]
async fn logout(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(logout): Json<Logout>,
) -> Result<Json<Done>, Problem> {
    let request = LogoutRequest {
        time: if logout.after_call {
            LogoutTime::AfterCall
        } else {
            LogoutTime::Now
        },
        reason: logout.reason,
    };
    act(&app, &who, of.number, move |store, agent, actor| {
        store.log_out(agent, &request, actor)
    })
    .await
}

/// Why and where to pause.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseWish {
    /// Code of the pause reason; default: the default reason for agents, `supervisor` for others.
    #[schema(value_type = Option<types::ReasonCode>)]
    reason: Option<ReasonCode>,
    /// Only in this queue.
    #[schema(value_type = Option<types::QueueName>)]
    queue: Option<QueueName>,
}

/// Pause an agent
///
/// A new reason replaces the current one.
#[utoipa::path(post, path = "/api/v1/agents/{number}/pause", tag = "state", operation_id = "pause_agent",
    params(OfAgent), request_body = PauseWish, responses((status = 200, description = "Paused", body = Done)))]
async fn pause(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(wish): Json<PauseWish>,
) -> Result<Json<Done>, Problem> {
    let request = PauseRequest {
        reason: wish.reason.map(PauseReason::from),
        queue: wish.queue,
    };
    act(&app, &who, of.number, move |store, agent, actor| {
        store.pause(agent, &request, actor)
    })
    .await
}

/// Where to take calls again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnpauseWish {
    /// Only in this queue; an agent who is paused in all queues stays paused in the others.
    #[schema(value_type = Option<types::QueueName>)]
    queue: Option<QueueName>,
}

/// End an agent's pauses
///
/// Without `queue`, all pauses end, and a pending logout is cancelled.
#[utoipa::path(post, path = "/api/v1/agents/{number}/unpause", tag = "state", operation_id = "unpause_agent",
    params(OfAgent), request_body = UnpauseWish, responses((status = 200, description = "Unpaused", body = Done)))]
async fn unpause(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(wish): Json<UnpauseWish>,
) -> Result<Json<Done>, Problem> {
    let request = UnpauseRequest { queue: wish.queue };
    act(&app, &who, of.number, move |store, agent, actor| {
        store.unpause(agent, &request, actor)
    })
    .await
}
