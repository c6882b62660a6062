//! The console: pages, one stylesheet, one script. How its pages are made: see [`shell`].

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::problem::Problem;

mod admin;
mod assets;
mod shell;

pub(crate) use admin::{Imports, Once};
pub(crate) use shell::{problem_page, problems_as_pages};

/// What a page may load and reach: only what this server serves, and no code or style of its own text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Its routes.
pub(crate) fn routes(app: &App) -> Router<App> {
    pages()
        .fallback(async || problem_page(&Problem::not_found("there is no page at this address")))
        .layer(from_fn_with_state(app.clone(), shell::notices))
        .layer(header_of(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header_of(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_of(header::REFERRER_POLICY, "same-origin"))
        .layer(header_of(header::CACHE_CONTROL, "no-store"))
        .merge(assets::routes())
}

/// The pages, by room.
fn pages() -> Router<App> {
    Router::new().merge(admin::routes())
}

fn header_of(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
