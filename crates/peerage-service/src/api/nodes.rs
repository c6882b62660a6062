//! Asterisk nodes.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::NodeName;
use peerage_store::RoleName;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::problem::Problem;
use crate::web::{Json, Path};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, remove))
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
    /// How many connections that role has open at this moment.
    connections: i64,
    /// When it was made.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

impl From<peerage_store::Node> for Node {
    fn from(node: peerage_store::Node) -> Self {
        Self {
            name: node.name,
            login: node.login.to_string(),
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
    login: Option<String>,
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
    let nodes = app.db(|store| store.nodes()).await?;
    let items = nodes.into_iter().map(Node::from).collect();
    Ok(Json(Nodes { items }))
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
    let login = new.login.as_deref().map(str::parse::<RoleName>).transpose()?;
    let (node, password) = app
        .db_as(who.store_actor()?, move |store| {
            store.add_node(&new.name, login.as_ref())
        })
        .await?;
    let added = AddedNode {
        node: node.into(),
        password: password.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(added)))
}

/// Show a node
#[utoipa::path(get, path = "/api/v1/nodes/{name}", tag = "nodes", operation_id = "get_node",
    params(OfNode), responses((status = 200, description = "The node", body = Node)))]
async fn get(State(app): State<App>, Path(of): Path<OfNode>) -> Result<Json<Node>, Problem> {
    let node = app.db(move |store| store.node(&of.name)).await?;
    Ok(Json(node.into()))
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
