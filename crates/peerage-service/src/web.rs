//! The HTTP server: routes put together, and the layers around them.

use axum::{Router, middleware};
use tokio::net::TcpListener;

use crate::app::App;
use crate::{api, auth, console};

/// Serves until the service ends.
pub(crate) async fn run(app: App, listener: TcpListener) {
    let router = router(app.clone());
    let served = axum::serve(
        listener,
        router.into_make_service_with_connect_info::<std::net::SocketAddr>(),
    )
    .with_graceful_shutdown(async move { app.stopped().await })
    .await;
    if let Err(error) = served {
        tracing::error!(%error, "the server ended");
    }
}

fn router(app: App) -> Router {
    let csrf = middleware::from_fn_with_state(app.clone(), auth::csrf_layer);
    Router::new()
        .merge(api::routes())
        .merge(console::routes(&app))
        .layer(csrf)
        .layer(middleware::from_fn(console::problems_as_pages))
        .with_state(app)
}
