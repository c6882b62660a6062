//! Asterisk nodes.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{NodeName, SiteName};
use peerage_store::{NodePatch, RoleName, ServedSites, Store};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::{Parsed, changes};
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::memory::Linked;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(new_password))
}

/// The node of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfNode {
    /// The node's name.
    #[param(value_type = types::NodeName)]
    name: NodeName,
}

/// An Asterisk that reads the database.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Node {
    /// Its name.
    #[schema(value_type = types::NodeName)]
    name: NodeName,
    /// The database role it signs in with.
    login: String,
    /// The sites it serves: its login sees the rows of these alone; null: all.
    #[schema(value_type = Option<types::SiteNames>, required)]
    sites: ServedSites,
    /// Where the service reaches its Manager interface; null: the service leaves it alone.
    #[schema(required)]
    manager: Option<String>,
    /// Who signs in there. The secret stands in a file of the service.
    manager_user: String,
    /// How the link to it of the service that answers is.
    link: Link,
    /// The service that leads it, by host and port: it alone gives the node orders. Null when none does.
    #[schema(required)]
    leader: Option<String>,
    /// How many connections that role has open at this moment.
    connections: i64,
    /// When it was made.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

/// How the service's link to a node is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Link {
    /// The state.
    state: LinkState,
    /// Since when; null when not known.
    #[schema(value_type = Option<types::Timestamp>, required)]
    since: Option<Timestamp>,
    /// Why it is not up; null when it is.
    #[schema(required)]
    why: Option<String>,
}

/// The states of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkState {
    /// It is up.
    Up,
    /// It is not.
    Down,
    /// The node has no Manager address: it is left alone.
    NoManager,
    /// There is no secret to sign in with.
    NoSecret,
}

impl From<Option<Linked>> for Link {
    fn from(linked: Option<Linked>) -> Self {
        let at = |since: std::time::SystemTime| Timestamp::try_from(since).ok();
        let (state, since, why) = match linked {
            Some(Linked::Up { since }) => (LinkState::Up, at(since), None),
            Some(Linked::Down { since, why }) => (LinkState::Down, since.and_then(at), Some(why)),
            Some(Linked::NoManager) => (LinkState::NoManager, None, None),
            Some(Linked::NoSecret { why }) => (LinkState::NoSecret, None, Some(why)),
            // Added just now.
            None => (LinkState::Down, None, None),
        };
        Self { state, since, why }
    }
}

impl Node {
    fn of(node: peerage_store::Node, linked: Option<Linked>) -> Self {
        Self {
            name: node.name,
            login: node.login.to_string(),
            sites: node.sites,
            manager: node.manager.map(|manager| manager.to_string()),
            manager_user: node.manager_user.to_string(),
            link: linked.into(),
            leader: node.leader,
            connections: node.connections,
            created_at: node.created_at,
        }
    }
}

/// A node to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NodeToAdd {
    /// Its name.
    #[schema(value_type = types::NodeName)]
    name: NodeName,
    /// The database role that is made for it; left out: one of its name.
    #[schema(value_type = Option<types::RoleName>)]
    login: Option<Parsed<RoleName>>,
    /// The sites it serves; left out or null: all.
    #[schema(value_type = Option<types::SiteNames>)]
    sites: Option<SiteNames>,
}

type ManagerAddress = Parsed<peerage_store::ManagerAddress>;
type ManagerUser = Parsed<peerage_store::ManagerUser>;
type SiteNames = Vec<SiteName>;

/// Sites of a body; null is all.
fn sites(names: Option<SiteNames>) -> Result<ServedSites, Problem> {
    match names {
        Some(names) => Ok(ServedSites::these(names)?),
        None => Ok(ServedSites::all()),
    }
}

changes! {
    /// Changes of a node. What is left out stays; null clears.
    NodeChanges {
        /// Where the service reaches its Manager interface; null: the service leaves it alone.
        manager: ManagerAddress or null,
        /// Who signs in there.
        manager_user: ManagerUser,
        /// The sites it serves; null: all. Its database connections are closed, so that Asterisk makes new ones.
        sites: SiteNames or null,
    }
}

/// A node that was added, with the password of its database role: it is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedNode {
    /// The node.
    node: Node,
    /// The password of its database role.
    password: String,
}

/// A new password: it is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodePassword {
    /// The password of the node's database role.
    password: String,
}

/// All nodes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Nodes {
    /// The nodes, by name.
    items: Vec<Node>,
}

/// List nodes
#[utoipa::path(get, path = "/api/v1/nodes", tag = "nodes", operation_id = "list_nodes",
    responses((status = 200, description = "The nodes", body = Nodes)))]
async fn list(State(app): State<App>) -> Result<Json<Nodes>, Problem> {
    let nodes = app.db(Store::nodes).await?;
    let mut linked: HashMap<NodeName, Linked> = app.nodes().all().into_iter().collect();
    let items = nodes.into_iter().map(|node| {
        let linked = linked.remove(&node.name);
        Node::of(node, linked)
    });
    Ok(Json(Nodes { items: items.collect() }))
}

/// Add a node
///
/// A database role is made for it, whose password the answer shows this once.
#[utoipa::path(post, path = "/api/v1/nodes", tag = "nodes", operation_id = "add_node",
    request_body = NodeToAdd, responses((status = 201, description = "Added", body = AddedNode)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<NodeToAdd>,
) -> Result<(StatusCode, Json<AddedNode>), Problem> {
    let login = new.login.map(|login| login.0);
    let sites = sites(new.sites)?;
    let (node, password) = app
        .db_as(who.store_actor()?, move |store| {
            store.add_node_for(&new.name, login.as_ref(), &sites)
        })
        .await?;
    let added = AddedNode {
        node: Node::of(node, None),
        password: password.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(added)))
}

/// Show a node
#[utoipa::path(get, path = "/api/v1/nodes/{name}", tag = "nodes", operation_id = "get_node",
    params(OfNode), responses((status = 200, description = "The node", body = Node)))]
async fn get(State(app): State<App>, Path(of): Path<OfNode>) -> Result<Json<Node>, Problem> {
    one(&app, of.name).await.map(Json)
}

async fn one(app: &App, name: NodeName) -> Result<Node, Problem> {
    let node = app.db(move |store| store.node(&name)).await?;
    let linked = app.nodes().all().into_iter().find(|(name, _)| *name == node.name);
    Ok(Node::of(node, linked.map(|(_, linked)| linked)))
}

/// Change a node: its Manager interface, its sites
#[utoipa::path(patch, path = "/api/v1/nodes/{name}", tag = "nodes", operation_id = "set_node",
    params(OfNode), request_body = NodeChanges, responses((status = 200, description = "The node as it is now", body = Node)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfNode>,
    Json(changes): Json<NodeChanges>,
) -> Result<Json<Node>, Problem> {
    let patch = NodePatch {
        manager: changes
            .manager
            .into_option()
            .map(|manager| manager.map(|manager| manager.0)),
        manager_user: changes.manager_user.into_option().map(|user| user.0),
        sites: changes.sites.into_option().map(sites).transpose()?,
    };
    let name = of.name.clone();
    app.db_as(who.store_actor()?, move |store| store.set_node(&of.name, &patch))
        .await?;
    one(&app, name).await.map(Json)
}

/// Remove a node
///
/// Its database role goes too, and the connections it has are closed.
#[utoipa::path(delete, path = "/api/v1/nodes/{name}", tag = "nodes", operation_id = "remove_node",
    params(OfNode), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfNode>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_node(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a node's database role a new password
///
/// Connections that are open stay so; Asterisk needs the new password when it next connects.
#[utoipa::path(post, path = "/api/v1/nodes/{name}/password", tag = "nodes", operation_id = "rotate_node_password",
    params(OfNode), responses((status = 200, description = "The new password", body = NodePassword)))]
async fn new_password(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfNode>,
) -> Result<Json<NodePassword>, Problem> {
    let made = app
        .db_as(who.store_actor()?, move |store| store.rotate_node_password(&of.name))
        .await?;
    let password = made.expose().to_owned();
    Ok(Json(NodePassword { password }))
}
