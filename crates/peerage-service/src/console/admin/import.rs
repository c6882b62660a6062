//! Import of a file: sent, checked as a whole, looked at, and only then kept, exactly as it was checked.
//!
//! A file waits in memory, bounded in size, number and time. Checking and importing go on by themselves, however long the file is; the
//! page looks again until they are done.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;
use crate::memory::LARGEST_IMPORT as MOST;

mod export;
mod page;
mod send;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/import", get(send::get).post(send::post))
        .layer(DefaultBodyLimit::max(MOST + 64 * 1024))
        .route("/admin/import/{key}", get(page::get))
        .route("/admin/import/{key}/confirm", post(page::confirm))
        .route("/admin/import/{key}/discard", post(page::discard))
        .route("/admin/import/{key}/secrets.csv", get(page::secrets))
        .route("/admin/export/agents.csv", get(export::agents))
        .route("/admin/export/telephones.csv", get(export::telephones))
}
