//! The HTTP server: routes put together, and the layers around them.
//!
//! A request passes, from the outside in: where it comes from, [`seen`] (its id, its log line, its count), [`headers`] (what browsers are told of every
//! answer), [`page`] (a problem becomes a page for people), [`admit`] (one host, not too many), [`guard`] (a limit of time; a panic becomes a problem), the check
//! against forged requests, and the handler.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;

use crate::app::App;
use crate::{api, auth, console};

pub(crate) use files::raise;

mod admit;
mod files;
mod guard;
mod headers;
mod health;
mod page;
mod places;
mod seen;
mod serve;
mod unknown;

use places::Places;

/// Most bytes of a request's body; imports allow more for themselves.
const BODY: usize = 64 * 1024;

/// Longest time until an answer begins; imports allow more for themselves. An event stream's answer begins at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until the service ends.
pub(crate) async fn run(app: App, listener: TcpListener) {
    let router = router(app.clone());
    let limits = app.settings().limits;
    let places = Places::new(
        limits.connections.get(),
        limits.connections_per_address.get(),
        files::most(),
    );
    if places.most() < limits.connections.get() as usize {
        tracing::info!(
            connections = places.most(),
            "the system's limit of open files allows fewer connections than the settings"
        );
    }
    let proxies = app.settings().trusted_proxies.clone();
    serve::serve(listener, router, serve::HEAD, (places, proxies), app.stopped()).await;
}

fn router(app: App) -> Router {
    Router::new()
        .merge(health::routes())
        .merge(api::routes(&app))
        .merge(console::routes(&app))
        .fallback(unknown::path)
        .method_not_allowed_fallback(unknown::method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(app.clone(), auth::csrf_layer))
        .layer(from_fn(guard::guard))
        .layer(from_fn_with_state(app.clone(), admit::admit))
        .layer(from_fn_with_state(app.clone(), page::page))
        .layer(from_fn_with_state(app.clone(), headers::headers))
        .layer(from_fn_with_state(app.clone(), seen::seen))
        .layer(from_fn_with_state(app.clone(), auth::client_layer))
        .with_state(app)
}
