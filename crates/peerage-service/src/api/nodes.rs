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

/// An Asterisk node.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Node {
    /// Name.
    #[schema(value_type = types::NodeName)]
    name: NodeName,
    /// Database role of the node.
    login: String,
    /// The sites it serves, whose rows alone its login can access; null for all.
    #[schema(value_type = Option<types::SiteNames>, required)]
    sites: ServedSites,
    /// AMI address; null for none.
    #[schema(required)]
    manager: Option<String>,
    /// AMI user. The secret is in a file of the service.
    manager_user: String,
    /// The AMI link from the service that answers.
    link: Link,
    /// The service that leads the node and sends its orders, as host and port; null for none.
    #[schema(required)]
    leader: Option<String>,
    /// Open database connections of the role.
    connections: i64,
    /// Creation time.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

/// The service's AMI link to a node.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Link {
    /// The state.
    state: LinkState,
    /// Since when; null if unknown.
    #[schema(value_type = Option<types::Timestamp>, required)]
    since: Option<Timestamp>,
    /// Why the link is down; null if it is up.
    #[schema(required)]
    why: Option<String>,
}

/// The states of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkState {
    /// Connected.
    Up,
    /// Not connected.
    Down,
    /// The node has no AMI address.
    NoManager,
    /// The AMI secret is missing.
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

/// A new node.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NodeToAdd {
    /// Name.
    #[schema(value_type = types::NodeName)]
    name: NodeName,
    /// Name of the new database role; default: derived from the node's name.
    #[schema(value_type = Option<types::RoleName>)]
    login: Option<Parsed<RoleName>>,
    /// The sites it serves; default: all.
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
    /// Changes of a node. Omitted fields stay unchanged; null clears a field.
    NodeChanges {
        /// AMI address; null for none.
        manager: ManagerAddress or null,
        /// AMI user.
        manager_user: ManagerUser,
        /// The sites it serves; null for all. Closes the node's database connections; Asterisk reconnects.
        sites: SiteNames or null,
    }
}

/// A new node, with the password of its database role, which is returned only once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedNode {
    /// The node.
    node: Node,
    /// The password of its database role.
    password: String,
}

/// A new password, returned only once.
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
/// Creates a database role and returns its password only once.
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

/// Change a node's AMI address or sites
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
/// Drops its database role and closes its connections.
#[utoipa::path(delete, path = "/api/v1/nodes/{name}", tag = "nodes", operation_id = "remove_node",
    params(OfNode), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfNode>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_node(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a node's database role a new password
///
/// Open connections stay open; Asterisk needs the new password for the next one.
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
