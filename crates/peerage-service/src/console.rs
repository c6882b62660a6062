//! The console: pages, one stylesheet, one script.

use axum::Router;

use crate::app::App;

/// Its routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}

/// A problem as a page.
pub(crate) fn problem_page(problem: &crate::problem::Problem) -> axum::response::Response {
    use axum::response::IntoResponse;
    problem.clone().into_response()
}
