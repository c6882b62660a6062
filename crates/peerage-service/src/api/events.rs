//! Changes, as they happen.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events))
}

/// Hear changes as they happen
///
/// A stream of server-sent events: `change` names what to ask for again, never how it is now; `beat` comes every few seconds with
/// how the database and the links to Asterisk are. Who may see less hears of less. After `missed` look at everything again, as
/// after a connection without the header `last-event-id`. A program's stream ends after five minutes: open it again, with that
/// header.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", operation_id = "hear_events",
    responses((status = 200, description = "Events, without end", body = String, content_type = "text/event-stream")))]
async fn events(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    console::open_stream(app, who, &headers).await
}
