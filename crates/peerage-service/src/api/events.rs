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

/// Stream changes
///
/// A stream of server-sent events. `change` names what changed, not the new values: read them again. `beat` comes every few seconds
/// with the state of the database and the AMI links. Users receive only events of what they may see. After `missed`, or after
/// connecting without the header `last-event-id`, read everything again. The stream of an API client ends after five minutes:
/// connect again with that header.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", operation_id = "hear_events",
    responses((status = 200, description = "Events, without end", body = String, content_type = "text/event-stream")))]
async fn events(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    console::open_stream(app, who, &headers).await
}
