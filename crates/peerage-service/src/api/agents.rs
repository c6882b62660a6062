//! Agents: who they are.

mod changes;
mod channels;
mod seen;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use peerage_model::{DialNumber, Number, Role, SiteName};
use peerage_store::{AgentNow, Filter, StateError, StoreError, fields};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::changes::PermissionChanges;
use self::changes::{AgentChanges, AgentToAdd};
pub(crate) use self::channels::Channels;
use self::seen::Agent;
use super::account::{placed, secret_or_new};
use super::change::Change;
use super::of::OfAgent;
use super::page::{Which, cut};
use super::state::{self, AgentState};
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path, Query};
use crate::live::agents_now;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(set_numbers))
}

/// A page of agents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agents {
    /// The agents, by number.
    items: Vec<Agent>,
    /// The value of `after` for the next page; null on the last one.
    #[schema(value_type = Option<types::Number>, required)]
    next: Option<Number>,
}

/// The new object, with its generated secret, which is returned only once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedAgent {
    /// The agent.
    agent: Agent,
    /// The generated SIP secret; null if the request contained one.
    #[schema(required)]
    secret: Option<String>,
}

/// Which agents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AgentQuery {
    /// Only where number, name, alias or email address contains this text, ignoring case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Only at this site.
    #[param(value_type = Option<types::SiteName>)]
    site: Option<SiteName>,
    /// Only agents in this state.
    #[param(value_type = Option<types::AgentStateName>)]
    state: Option<state::Name>,
    /// Only agents who are logged in (true) or logged out (false).
    logged_in: Option<bool>,
    /// With `true`, only agents with a phone or mobile number that their site does not allow.
    #[serde(default)]
    refused_numbers: bool,
    /// With `true`, only accounts with a common SIP secret.
    #[serde(default)]
    #[param(required = false)]
    weak_secret: bool,
    /// Only numbers after this one: `next` of the previous page.
    #[param(value_type = Option<types::Number>)]
    after: Option<Number>,
    /// Maximum number of entries; default 100. With `state` or `logged_in`, a page may have fewer; `next` tells whether there
    /// are more.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// How many agents one request looks at for those in a state.
const LOOKED_AT: u32 = 2000;

/// List agents
///
/// Supervisors get the agents in their queues.
#[utoipa::path(get, path = "/api/v1/agents", tag = "agents", operation_id = "list_agents",
    params(AgentQuery), responses((status = 200, description = "A page of agents", body = Agents)))]
async fn list(State(app): State<App>, who: SignedIn, Query(query): Query<AgentQuery>) -> Result<Json<Agents>, Problem> {
    let by_state = query.state.is_some() || query.logged_in.is_some();
    let which = Which {
        search: query.search,
        site: query.site,
        after: query.after,
        weak_secret: query.weak_secret,
        limit: query.limit,
    };
    let (mut filter, limit) = which.filter()?;
    filter.refused_numbers = query.refused_numbers;
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
/// Without `secret`, one is generated and returned only once.
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
/// Frees the number. The agent's history stays.
#[utoipa::path(delete, path = "/api/v1/agents/{number}", tag = "agents", operation_id = "remove_agent",
    params(OfAgent), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfAgent>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_agent(&of.number))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// New phone and mobile numbers of an agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Numbers {
    /// Number of the interface `phone`; null for none.
    #[schema(value_type = Option<types::DialNumber>)]
    phone: Option<DialNumber>,
    /// Number of the interface `mobile`; null for none.
    #[schema(value_type = Option<types::DialNumber>)]
    mobile: Option<DialNumber>,
}

/// Set an agent's phone and mobile numbers
///
/// Agents need the permission `edit_own_numbers`. The agent's site must allow outside numbers.
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
