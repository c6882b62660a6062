//! The stylesheet and the script, each under a path that changes with its content, so that browsers may keep it for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::app::App;

const STYLESHEET: &str = include_str!("../../assets/console.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("../../assets/choices.js"),
    include_str!("../../assets/unsaved.js"),
    include_str!("../../assets/console.js"),
);

/// How long a browser may keep them: a year, which is what caches take at most.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A part of the digest of both: enough to differ.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new().chain_update(STYLESHEET).chain_update(SCRIPT).finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// Where the stylesheet is.
pub(super) fn stylesheet() -> String {
    format!("/assets/{}/console.css", *VERSION)
}

/// Where the script is.
pub(super) fn script() -> String {
    format!("/assets/{}/console.js", *VERSION)
}

/// Their routes. A page of an older version that asks under its older path gets what there is now.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/assets/{version}/console.css",
            get(|| served("text/css; charset=utf-8", STYLESHEET)),
        )
        .route(
            "/assets/{version}/console.js",
            get(|| served("text/javascript; charset=utf-8", SCRIPT)),
        )
}

async fn served(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
