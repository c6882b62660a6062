//! The console: pages, one stylesheet, one script. How its pages are made: see [`shell`].

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::app::App;

mod admin;
mod agent;
mod assets;
mod audit;
mod board;
mod client_log;
mod client_logs;
mod listing;
mod password;
mod refused;
mod shell;
mod sign_in;
mod sign_out;
mod stream;
mod who;

pub(crate) use client_log::allow_reports;
pub(crate) use shell::problem_page;
pub(crate) use stream::open as open_stream;

use who::PageUser;

/// Its routes.
pub(crate) fn routes(app: &App) -> Router<App> {
    pages()
        .layer(from_fn_with_state(app.clone(), shell::notices))
        .merge(assets::routes())
}

/// The pages, by room.
fn pages() -> Router<App> {
    Router::new()
        .merge(board::routes())
        .merge(audit::routes())
        .merge(client_logs::routes())
        .merge(refused::routes())
        .merge(sign_in::routes())
        .merge(password::routes())
        .merge(agent::routes())
        .merge(admin::routes())
        .merge(stream::routes())
        .merge(client_log::routes())
}
