//! `/api/v1` and its OpenAPI document.
//!
//! Each module has the operations on one thing: bodies as types that describe themselves, handlers that call one operation of
//! the store. [`rights`] says who may use which.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

mod account;
mod agents;
mod audit;
mod change;
mod client_logs;
mod document;
mod events;
mod history;
mod import;
mod me;
mod nodes;
mod of;
mod page;
mod pause_reasons;
mod phones;
mod queues;
mod refused;
mod rights;
mod sites;
mod state;
mod tokens;
mod types;
mod users;

/// Its routes.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (router, document) = described();
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    let enforce = from_fn_with_state(app.clone(), rights::enforce);
    router.route_layer(enforce).route(
        "/api/openapi.json",
        get(|| async move { ([(axum::http::header::CONTENT_TYPE, "application/json")], text) }),
    )
}

/// The document.
#[cfg(test)]
fn document() -> OpenApi {
    described().1
}

fn described() -> (Router<App>, OpenApi) {
    let (router, document) = OpenApiRouter::with_openapi(document::blank())
        .merge(me::routes())
        .merge(agents::routes())
        .merge(state::routes())
        .merge(history::routes())
        .merge(phones::routes())
        .merge(queues::routes())
        .merge(pause_reasons::routes())
        .merge(users::routes())
        .merge(sites::routes())
        .merge(nodes::routes())
        .merge(tokens::routes())
        .merge(audit::routes())
        .merge(client_logs::routes())
        .merge(refused::routes())
        .merge(events::routes())
        .merge(import::routes())
        .split_for_parts();
    (router, document::complete(document))
}
