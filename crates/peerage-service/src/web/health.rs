//! What watches the service asks, without a sign-in.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use peerage_model::NodeName;
use peerage_store::{NodeFault, Store};
use serde::Serialize;

use crate::app::App;
use crate::memory::Linked;

/// `/health/live`, `/health/ready`, `/metrics`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// It answers, so it lives.
async fn live() -> impl IntoResponse {
    axum::Json(serde_json::json!({ "live": true }))
}

/// Whether requests make sense, and what is missing if not.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Readiness {
    ready: bool,
    /// What is wrong, one sentence each.
    missing: Vec<String>,
    /// What keeps a node from its work. The service is ready all the same: its pages show and mend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<NodeFault>,
    /// The nodes that this service leads.
    leads: Vec<String>,
    /// The nodes for which it stands by: another leads them, or none does yet. It is ready all the same.
    stands_by: Vec<String>,
}

async fn ready(State(app): State<App>) -> impl IntoResponse {
    let (mut missing, mut nodes) = (Vec::new(), Vec::new());
    let pooled = app.deaf();
    let is_pooled = pooled.is_some();
    match app.health().await {
        // What it says of the database is not to be relied on then.
        _ if is_pooled => missing.extend(pooled),
        Err(error) => {
            // What it says names hosts and users, which is for the log alone.
            tracing::warn!(%error, "not ready: the database does not respond");
            missing.push("the database does not respond".to_owned());
        }
        Ok(health) => {
            missing.extend(health.faults);
            nodes = health.nodes;
        }
    }
    if !app.listening() && !is_pooled {
        missing.push("notifications from the database do not arrive".to_owned());
    }
    let ready = missing.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let linked = app.nodes().all().into_iter();
    let linked: Vec<_> = linked
        .filter(|(_, how)| matches!(how, Linked::Up { .. } | Linked::Down { .. }))
        .collect();
    if ready {
        nodes.extend(silent(&app, &linked).await);
    }
    let (leads, stands_by): (Vec<_>, Vec<_>) = linked.into_iter().partition(|(node, _)| app.leads().of(node).is_some());
    let names = |nodes: Vec<(NodeName, Linked)>| nodes.into_iter().map(|(node, _)| node.to_string()).collect();
    let readiness = Readiness {
        ready,
        missing,
        nodes,
        leads: names(leads),
        stands_by: names(stands_by),
    };
    (status, axum::Json(readiness))
}

/// Nodes whose Asterisk runs and has no connection to the database: it reads nothing.
async fn silent(app: &App, linked: &[(NodeName, Linked)]) -> Vec<NodeFault> {
    /// An Asterisk looks for expired contacts within this time, and connects for it.
    const PATIENCE: Duration = Duration::from_secs(20);
    let up = |how: &Linked| matches!(how, Linked::Up { since } if since.elapsed().is_ok_and(|up| up > PATIENCE));
    let up: Vec<&NodeName> = linked.iter().filter(|(_, how)| up(how)).map(|(node, _)| node).collect();
    if up.is_empty() {
        return Vec::new();
    }
    let Ok(known) = app.db(Store::nodes).await else {
        return Vec::new();
    };
    known
        .into_iter()
        .filter(|node| node.connections == 0 && up.contains(&&node.name))
        .map(|node| NodeFault {
            node: node.name.to_string(),
            fault: format!(
                "Asterisk is running but not connected to the database: see its log, and check that the password in res_pgsql.conf is the one \
                 from `peerage node password {}`",
                node.name
            ),
        })
        .collect()
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, content_type)], app.metrics().text())
}
