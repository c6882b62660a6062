//! What watches the service asks, without a sign-in.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use peerage_model::NodeName;
use peerage_store::Store;
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
    /// The nodes that this service leads.
    leads: Vec<String>,
    /// The nodes for which it stands by: another leads them, or none does yet. It is ready all the same.
    stands_by: Vec<String>,
}

async fn ready(State(app): State<App>) -> impl IntoResponse {
    let views = app.db(Store::installed_views).await;
    let mut missing = Vec::new();
    match views {
        Err(error) => {
            // What it says names hosts and users, which is for the log alone.
            tracing::warn!(%error, "not ready: the database does not answer");
            missing.push("the database does not answer".to_owned());
        }
        Ok(installed) if installed.as_deref() != Some(wanted_views()) => {
            missing.push("the views are not those of this version: `peerage db migrate` installs them".to_owned());
        }
        Ok(_) => {}
    }
    if !app.listening() {
        missing.push("the database's notifications do not arrive".to_owned());
    }
    let ready = missing.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let linked = app.nodes().all().into_iter();
    let linked = linked.filter(|(_, how)| matches!(how, Linked::Up { .. } | Linked::Down { .. }));
    let (leads, stands_by): (Vec<_>, Vec<_>) = linked.partition(|(node, _)| app.leads().of(node).is_some());
    let names = |nodes: Vec<(NodeName, Linked)>| nodes.into_iter().map(|(node, _)| node.to_string()).collect();
    let readiness = Readiness {
        ready,
        missing,
        leads: names(leads),
        stands_by: names(stands_by),
    };
    (status, axum::Json(readiness))
}

/// The content of the views at this version.
fn wanted_views() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| peerage_views::script::compile().hash)
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, content_type)], app.metrics().text())
}
