//! Agents: who they are.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{
    Alias, Capacity, Channel, Description, DialNumber, Email, FullName, LogLevel, Number, Permissions, Role, SiteName,
};
use peerage_store::{
    AgentChannel, AgentNow, AgentPatch, AutoAnswerDelay, Filter, PermissionsPatch, StateError, StoreError, fields,
};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Registration, SecretSeen, Voice, VoiceChanges, placed, secret_or_new};
use super::change::{Change, PinText, Secret, changes};
use super::page::{Which, cut};
use super::state::{self, AgentState};
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::live::agents_now;
use crate::problem::Problem;
use crate::web::{Json, Path, Query};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(set_numbers))
}

/// The agent of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfAgent {
    /// The agent's number.
    #[param(value_type = types::Number)]
    pub(crate) number: Number,
}

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agent {
    /// Extension, and user name towards Asterisk.
    #[schema(value_type = types::Number)]
    number: Number,
    /// Full name.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Name shown in place of the sign-in name.
    #[schema(value_type = Option<types::Alias>, required)]
    alias: Option<Alias>,
    /// E-mail address.
    #[schema(value_type = Option<types::Email>, required)]
    email: Option<Email>,
    /// Where calls ring with the interface `phone`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    phone: Option<DialNumber>,
    /// Where calls ring with the interface `mobile`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    mobile: Option<DialNumber>,
    /// Free text.
    #[schema(value_type = Option<types::Description>, required)]
    description: Option<Description>,
    /// Whether the agent picks a telephone at login.
    hot_desk: bool,
    /// Whether each login begins paused.
    login_in_pause: bool,
    /// How much of the agent's page is written to the client log.
    #[schema(value_type = types::LogLevel)]
    client_log_level: LogLevel,
    /// What the agent may do with the own session.
    permissions: Permitted,
    /// Channels other than voice.
    channels: Vec<OtherChannel>,
    /// The site it belongs to.
    #[schema(value_type = types::SiteName)]
    site: SiteName,
    /// Whether Asterisk is told nothing of it.
    disabled: bool,
    /// The Voice section.
    voice: Voice,
    /// What may be known of the SIP secret; null when there is none.
    #[schema(required)]
    secret: Option<SecretSeen>,
    /// Whether there is a PIN for signing in by telephone.
    has_pin: bool,
    /// What Asterisk wrote of its registrations, live or not.
    registrations: Vec<Registration>,
    /// What is allowed but probably not meant, one sentence each.
    warnings: Vec<String>,
    /// When it was made.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
    /// How the agent is right now.
    state: AgentState,
}

impl Agent {
    fn of(agent: peerage_store::Agent, now: Option<&AgentNow>) -> Self {
        let warnings = agent.account.warnings();
        let (account, profile) = (agent.account, agent.profile);
        Self {
            number: account.number,
            name: profile.full_name,
            alias: profile.alias,
            email: profile.email,
            phone: profile.phone,
            mobile: profile.mobile,
            description: profile.description,
            hot_desk: profile.hot_desk,
            login_in_pause: profile.login_in_pause,
            client_log_level: profile.client_log_level,
            permissions: profile.permissions.into(),
            channels: profile.channels.into_iter().map(OtherChannel::from).collect(),
            site: account.site,
            disabled: account.disabled,
            voice: account.voice.into(),
            secret: account.secret.map(SecretSeen::from),
            has_pin: agent.has_pin,
            registrations: account.registrations.into_iter().map(Registration::from).collect(),
            warnings,
            created_at: account.created_at,
            state: AgentState::of(now),
        }
    }
}

/// What an agent may do with the own session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permitted {
    /// Choose between internal, phone and mobile.
    choose_interface: bool,
    /// Take any free telephone of the site.
    take_any_phone: bool,
    /// Move while logged in.
    r#move: bool,
    /// Pause one queue rather than all.
    pause_one_queue: bool,
    /// Log out.
    log_out: bool,
    /// Ask for a logout after the running call.
    request_after_call: bool,
    /// See the own history.
    see_own_history: bool,
    /// Edit the own phone and mobile.
    edit_own_numbers: bool,
}

impl From<Permissions> for Permitted {
    fn from(permissions: Permissions) -> Self {
        Self {
            choose_interface: permissions.choose_interface,
            take_any_phone: permissions.take_any_phone,
            r#move: permissions.move_session,
            pause_one_queue: permissions.pause_one_queue,
            log_out: permissions.log_out,
            request_after_call: permissions.request_after_call,
            see_own_history: permissions.see_own_history,
            edit_own_numbers: permissions.edit_own_numbers,
        }
    }
}

changes! {
    /// Changes of what an agent may do. New: everything.
    PermissionChanges {
        /// Choose between internal, phone and mobile.
        choose_interface: bool,
        /// Take any free telephone of the site.
        take_any_phone: bool,
        /// Move while logged in.
        r#move: bool,
        /// Pause one queue rather than all.
        pause_one_queue: bool,
        /// Log out.
        log_out: bool,
        /// Ask for a logout after the running call.
        request_after_call: bool,
        /// See the own history.
        see_own_history: bool,
        /// Edit the own phone and mobile.
        edit_own_numbers: bool,
    }
}

impl From<PermissionChanges> for PermissionsPatch {
    fn from(changes: PermissionChanges) -> Self {
        Self {
            choose_interface: changes.choose_interface.into_option(),
            take_any_phone: changes.take_any_phone.into_option(),
            move_session: changes.r#move.into_option(),
            pause_one_queue: changes.pause_one_queue.into_option(),
            log_out: changes.log_out.into_option(),
            request_after_call: changes.request_after_call.into_option(),
            see_own_history: changes.see_own_history.into_option(),
            edit_own_numbers: changes.edit_own_numbers.into_option(),
        }
    }
}

/// A channel other than voice. It is kept for other systems; Peerage routes none of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherChannel {
    /// The channel.
    #[schema(value_type = types::Channel)]
    channel: Channel,
    /// Most conversations at once; 0 is unlimited.
    #[serde(default)]
    #[schema(value_type = types::Capacity)]
    capacity: Capacity,
    /// Seconds before a conversation is accepted without asking; null never does.
    #[serde(default)]
    #[schema(value_type = Option<types::AutoAnswerDelay>)]
    auto_answer: Option<AutoAnswerDelay>,
}

impl From<AgentChannel> for OtherChannel {
    fn from(one: AgentChannel) -> Self {
        Self {
            channel: one.channel,
            capacity: one.capacity,
            auto_answer: one.auto_answer.then_some(one.auto_answer_delay),
        }
    }
}

impl From<OtherChannel> for AgentChannel {
    fn from(one: OtherChannel) -> Self {
        Self {
            channel: one.channel,
            capacity: one.capacity,
            auto_answer: one.auto_answer.is_some(),
            auto_answer_delay: one.auto_answer.unwrap_or_default(),
        }
    }
}

/// All channels of an agent, each once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<OtherChannel>")]
pub(crate) struct Channels(Vec<OtherChannel>);

impl TryFrom<Vec<OtherChannel>> for Channels {
    type Error = &'static str;

    fn try_from(channels: Vec<OtherChannel>) -> Result<Self, Self::Error> {
        let mut seen = HashSet::new();
        if channels.iter().all(|one| seen.insert(one.channel)) {
            Ok(Self(channels))
        } else {
            Err("a channel stands there twice")
        }
    }
}

impl PartialSchema for Channels {
    fn schema() -> RefOr<Schema> {
        let item = RefOr::Ref(Ref::from_schema_name(OtherChannel::name()));
        RefOr::T(Schema::Array(
            ArrayBuilder::new().items(item).max_items(Some(6)).build(),
        ))
    }
}

impl ToSchema for Channels {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((OtherChannel::name().into_owned(), OtherChannel::schema()));
        OtherChannel::schemas(schemas);
    }
}

changes! {
    /// Changes of an agent, or a new one. What is left out stays, or has its default; null clears.
    AgentChanges {
        /// Extension, and user name towards Asterisk. Another one needs a new secret.
        number: Number,
        /// Full name.
        name: FullName,
        /// The SIP secret.
        secret: Secret,
        /// The PIN for signing in by telephone.
        pin: PinText or null,
        /// Name shown in place of the sign-in name.
        alias: Alias or null,
        /// E-mail address.
        email: Email or null,
        /// Where calls ring with the interface `phone`.
        phone: DialNumber or null,
        /// Where calls ring with the interface `mobile`.
        mobile: DialNumber or null,
        /// Free text.
        description: Description or null,
        /// Whether the agent picks a telephone at login. New: no.
        hot_desk: bool,
        /// Whether each login begins paused. New: no.
        login_in_pause: bool,
        /// How much of the agent's page is written to the client log. New: off.
        client_log_level: LogLevel,
        /// What the agent may do with the own session.
        permissions: PermissionChanges,
        /// All channels other than voice: those that are not named go.
        channels: Channels,
        /// The site it belongs to. New: default.
        site: SiteName,
        /// Whether Asterisk is told nothing of it. New: no.
        disabled: bool,
        /// The Voice section.
        voice: VoiceChanges,
    }
}

impl AgentChanges {
    fn into_patch(self) -> AgentPatch {
        let mut patch = AgentPatch {
            full_name: self.name.into_option(),
            alias: self.alias.into_option(),
            email: self.email.into_option(),
            phone: self.phone.into_option(),
            mobile: self.mobile.into_option(),
            description: self.description.into_option(),
            hot_desk: self.hot_desk.into_option(),
            login_in_pause: self.login_in_pause.into_option(),
            client_log_level: self.client_log_level.into_option(),
            permissions: self
                .permissions
                .into_option()
                .map(PermissionsPatch::from)
                .unwrap_or_default(),
            pin: self.pin.into_option().map(|pin| pin.map(|pin| pin.0)),
            ..AgentPatch::default()
        };
        patch.account.number = self.number.into_option();
        patch.account.secret = self.secret.into_option().map(|secret| secret.0);
        patch.account.site = self.site.into_option();
        patch.account.disabled = self.disabled.into_option();
        patch.account.voice = self.voice.into_option().map(Into::into).unwrap_or_default();
        if let Change::Set(Channels(channels)) = self.channels {
            patch.drop_channels = Channel::ALL.to_vec();
            patch.set_channels = channels.into_iter().map(AgentChannel::from).collect();
        }
        patch
    }
}

/// An agent to be added: as changes, with number and name.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct AgentToAdd(AgentChanges);

super::document::with_required!(AgentToAdd = AgentChanges, ["number", "name"]);

/// A page of agents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agents {
    /// The agents, by number.
    items: Vec<Agent>,
    /// The value of `after` for the next page; null on the last one.
    #[schema(value_type = Option<types::Number>, required)]
    next: Option<Number>,
}

/// What was added, with the secret if one was generated: it is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedAgent {
    /// The agent.
    agent: Agent,
    /// The generated SIP secret; null when it was given.
    #[schema(required)]
    secret: Option<String>,
}

/// Which agents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AgentQuery {
    /// Only those with this text in number, name, alias or e-mail address, whatever its case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Only those of this site.
    #[param(value_type = Option<types::SiteName>)]
    site: Option<SiteName>,
    /// Only those in this state, calls included.
    #[param(value_type = Option<types::AgentStateName>)]
    state: Option<state::Name>,
    /// Only those who are logged in, or only those who are not.
    logged_in: Option<bool>,
    /// Only those whose number comes after this one: `next` of the page before.
    #[param(value_type = Option<types::Number>)]
    after: Option<Number>,
    /// At most so many; 100 when left out. With `state` or `logged_in` a page may have fewer, and `next` tells whether there
    /// are more.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// How many agents one request looks at for those in a state.
const LOOKED_AT: u32 = 2000;

/// List agents
///
/// A supervisor gets those of the own queues.
#[utoipa::path(get, path = "/api/v1/agents", tag = "agents", operation_id = "list_agents",
    params(AgentQuery), responses((status = 200, description = "A page of agents", body = Agents)))]
async fn list(State(app): State<App>, who: SignedIn, Query(query): Query<AgentQuery>) -> Result<Json<Agents>, Problem> {
    let by_state = query.state.is_some() || query.logged_in.is_some();
    let which = Which {
        search: query.search,
        site: query.site,
        after: query.after,
        limit: query.limit,
    };
    let (mut filter, limit) = which.filter()?;
    if by_state {
        filter.limit = Some(LOOKED_AT);
    }
    if who.role == Role::Supervisor {
        let queues = who.queues.clone();
        filter.among = Some(app.db(move |store| store.agents_of_queues(&queues)).await?);
    }
    let (mut found, now) = found(&app, filter).await?;
    if !by_state {
        let next = cut(&mut found, limit, |agent| agent.account.number.clone());
        return Ok(Json(page(found, &now, next)));
    }
    // A full look may have left some out.
    let looked_at_all = found.len() < usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
    let last = found.last().map(|agent| agent.account.number.clone());
    found.retain(|agent| {
        let now = now.get(&agent.account.number);
        query.state.is_none_or(|wanted| wanted == state::Name::of(now))
            && query
                .logged_in
                .is_none_or(|wanted| wanted == AgentState::is_logged_in(now))
    });
    let next = cut(&mut found, limit, |agent| agent.account.number.clone()).or(last.filter(|_| !looked_at_all));
    Ok(Json(page(found, &now, next)))
}

async fn found(
    app: &App,
    filter: Filter,
) -> Result<(Vec<peerage_store::Agent>, HashMap<Number, AgentNow>), StoreError> {
    let found = app.db(move |store| store.agents(&filter)).await?;
    let numbers = found.iter().map(|agent| agent.account.number.clone()).collect();
    let now = agents_now(app, numbers).await?;
    Ok((found, now))
}

fn page(found: Vec<peerage_store::Agent>, now: &HashMap<Number, AgentNow>, next: Option<Number>) -> Agents {
    let items = found
        .into_iter()
        .map(|agent| {
            let now = now.get(&agent.account.number);
            Agent::of(agent, now)
        })
        .collect();
    Agents { items, next }
}

/// Add an agent
///
/// Without `secret` one is generated, and shown in the answer this once.
#[utoipa::path(post, path = "/api/v1/agents", tag = "agents", operation_id = "add_agent",
    request_body = AgentToAdd, responses((status = 201, description = "Added", body = AddedAgent)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(AgentToAdd(mut changes)): Json<AgentToAdd>,
) -> Result<(StatusCode, Json<AddedAgent>), Problem> {
    let missing = |field: &str| Problem::invalid(field, format!("`{field}` is missing"));
    let number = std::mem::take(&mut changes.number)
        .into_option()
        .ok_or_else(|| missing("number"))?;
    let name = std::mem::take(&mut changes.name)
        .into_option()
        .ok_or_else(|| missing("name"))?;
    let (secret, shown) = secret_or_new(std::mem::take(&mut changes.secret).into_option())?;
    changes.name = Change::Set(name);
    let new = fields::agent::new(number.clone(), changes.into_patch()).map_err(placed)?;
    app.db_as(who.store_actor()?, move |store| store.add_agent(&new, &secret))
        .await
        .map_err(placed)?;
    let agent = one(&app, number).await?;
    Ok((StatusCode::CREATED, Json(AddedAgent { agent, secret: shown })))
}

async fn one(app: &App, number: Number) -> Result<Agent, Problem> {
    let asked = number.clone();
    let agent = app.db(move |store| store.agent(&asked)).await?;
    let now = agents_now(app, vec![number.clone()]).await?;
    Ok(Agent::of(agent, now.get(&number)))
}

/// Show an agent
#[utoipa::path(get, path = "/api/v1/agents/{number}", tag = "agents", operation_id = "get_agent",
    params(OfAgent), responses((status = 200, description = "The agent", body = Agent)))]
async fn get(State(app): State<App>, Path(of): Path<OfAgent>) -> Result<Json<Agent>, Problem> {
    one(&app, of.number).await.map(Json)
}

/// Change an agent
#[utoipa::path(patch, path = "/api/v1/agents/{number}", tag = "agents", operation_id = "set_agent",
    params(OfAgent), request_body = AgentChanges, responses((status = 200, description = "The agent as it is now", body = Agent)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(changes): Json<AgentChanges>,
) -> Result<Json<Agent>, Problem> {
    let patch = changes.into_patch();
    let after = patch.account.number.clone().unwrap_or_else(|| of.number.clone());
    app.db_as(who.store_actor()?, move |store| store.set_agent(&of.number, &patch))
        .await
        .map_err(placed)?;
    one(&app, after).await.map(Json)
}

/// Remove an agent
///
/// The number is free again; the agent's history stays.
#[utoipa::path(delete, path = "/api/v1/agents/{number}", tag = "agents", operation_id = "remove_agent",
    params(OfAgent), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfAgent>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_agent(&of.number))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where an agent's calls ring besides, each as it shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Numbers {
    /// Where calls ring with the interface `phone`; null: nowhere.
    #[schema(value_type = Option<types::DialNumber>)]
    phone: Option<DialNumber>,
    /// Where calls ring with the interface `mobile`; null: nowhere.
    #[schema(value_type = Option<types::DialNumber>)]
    mobile: Option<DialNumber>,
}

/// Set the own phone and mobile
///
/// An agent needs the permission `edit_own_numbers`.
#[utoipa::path(put, path = "/api/v1/agents/{number}/numbers", tag = "agents", operation_id = "set_agent_numbers",
    params(OfAgent), request_body = Numbers, responses((status = 200, description = "The agent as it is now", body = Agent)))]
async fn set_numbers(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfAgent>,
    Json(numbers): Json<Numbers>,
) -> Result<Json<Agent>, Problem> {
    let (number, actor) = (of.number.clone(), who.actor());
    app.db_as(who.store_actor()?, move |store| {
        store.set_numbers(&number, numbers.phone, numbers.mobile, &actor)
    })
    .await
    .map_err(|error: StateError| Problem::from(error))?;
    one(&app, of.number).await.map(Json)
}
