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

/// How an agent is right now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentState {
    /// The state, calls included.
    #[schema(value_type = types::AgentStateName)]
    state: Name,
    /// Why paused; null when not paused, or for no reason given.
    #[schema(value_type = Option<types::PauseReason>, required)]
    reason: Option<PauseReason>,
    /// Since when; of one who is offline the last logout, null for never. Of one who is available the end of the last call, if that
    /// was later than the login or the pause. Of a call that was there before the service: since its channel was made.
    #[schema(value_type = Option<types::Timestamp>, required)]
    since: Option<Timestamp>,
    /// When the agent logged in; null when logged out.
    #[schema(value_type = Option<types::Timestamp>, required)]
    logged_in_since: Option<Timestamp>,
    /// Where calls ring; null when logged out.
    #[schema(required)]
    place: Option<PlaceSeen>,
    /// The nodes that cannot ring the device. While others can, the agent is not unreachable, and callers at these nodes wait
    /// in vain.
    unreachable_at: Vec<UnreachableAt>,
}

/// A node that cannot ring an agent's device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreachableAt {
    /// The node; null when no node says anything, and the registrations alone tell.
    #[schema(value_type = Option<types::NodeName>, required)]
    node: Option<NodeName>,
    /// Why.
    #[schema(value_type = types::WhyUnreachable)]
    reason: WhyUnreachable,
    /// The transport, node or modules that the reason is about; null for none.
    #[schema(required)]
    detail: Option<String>,
    /// The same for people.
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
    /// Its kind.
    #[schema(value_type = types::InterfaceKind)]
    kind: InterfaceKind,
    /// What app_queue dials.
    #[schema(value_type = types::Interface)]
    interface: Interface,
    /// The telephone of a hot desk; null for the other kinds.
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
    /// How the agent is.
    now: AgentState,
    /// The queues the agent is a member of right now, by name.
    queues: Vec<Membership>,
    /// The logout that waits for the running call to end; null for none.
    #[schema(required)]
    leaving: Option<Leaving>,
}

/// A queue that an agent is a member of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Membership {
    /// The queue.
    #[schema(value_type = types::QueueName)]
    queue: QueueName,
    /// The pause there; null when calls are taken.
    #[schema(required)]
    paused: Option<PauseSeen>,
}

/// A pause that lasts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PauseSeen {
    /// Why; null for no reason given.
    #[schema(value_type = Option<types::PauseReason>, required)]
    reason: Option<PauseReason>,
    /// Since when.
    #[schema(value_type = types::Timestamp)]
    since: Timestamp,
    /// Who paused.
    by: String,
    /// Whether that was somebody else than the agent.
    forced: bool,
}

/// A logout to come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Leaving {
    /// Who asked.
    by: String,
    /// What was said about it.
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

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    /// Whether anything changed; to be so already is no failure.
    changed: bool,
    /// How the agent is now.
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

/// Tell an agent's state
#[utoipa::path(get, path = "/api/v1/agents/{number}/state", tag = "state", operation_id = "get_agent_state",
    params(OfAgent), responses((status = 200, description = "How the agent is", body = StateInFull)))]
async fn state(State(app): State<App>, Path(of): Path<OfAgent>) -> Result<Json<StateInFull>, Problem> {
    in_full(&app, of.number).await.map(Json)
}

/// A place of an agent's own.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnInterface {
    /// The agent's own account.
    Internal,
    /// The agent's phone field.
    Phone,
    /// The agent's mobile field.
    Mobile,
}

/// Where calls are to ring: an interface of the agent's own, or a telephone by hot desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Destination {
    /// An interface of the agent's own. Not together with `phone`.
    interface: Option<OwnInterface>,
    /// The number of a telephone, by hot desk.
    #[schema(value_type = Option<types::Number>)]
    phone: Option<Number>,
    /// Log out the agent who is there, where the site's conflict policy is take_over.
    #[serde(default)]
    take_over: bool,
    /// Log out the agent who is there, whatever the policy; for supervisors and administrators, with `reason`.
    #[serde(default)]
    force: bool,
    /// Why, for the history of the agent who is logged out.
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
/// Without a destination an agent who is logged in stays there, and any other is logged in on internal. To be logged in there
/// already is no failure.
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

/// Move an agent to another telephone or interface
///
/// The session goes on with its pauses and queues; the running call is not touched.
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
    /// When the running call ends, rather than now.
    #[serde(default)]
    after_call: bool,
    /// Why, for the agent's history.
    #[schema(value_type = Option<types::EndReason>)]
    reason: Option<EndReason>,
}

/// Log an agent out
///
/// The running call goes on. With `after_call` the agent takes no other, and is logged out when it ends.
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
    /// Code of the reason; left out: the default one for an agent, `supervisor` for others.
    #[schema(value_type = Option<types::ReasonCode>)]
    reason: Option<ReasonCode>,
    /// In this queue only.
    #[schema(value_type = Option<types::QueueName>)]
    queue: Option<QueueName>,
}

/// Pause an agent
///
/// Another reason takes the place of the one there was.
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
    /// In this queue only; an agent who is paused in all stays paused in the others.
    #[schema(value_type = Option<types::QueueName>)]
    queue: Option<QueueName>,
}

/// End an agent's pauses
///
/// Without `queue` every pause ends, and a logout that waits for the end of the call is withdrawn.
#[utoipa::path(post, path = "/api/v1/agents/{number}/unpause", tag = "state", operation_id = "unpause_agent",
    params(OfAgent), request_body = UnpauseWish, responses((status = 200, description = "Takes calls", body = Done)))]
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
