//! The console: pages, one stylesheet, one script.

use axum::Router;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, html};

use crate::app::App;
use crate::problem::Problem;

/// Its routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}

/// A problem as a page.
pub(crate) fn problem_page(problem: &Problem) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (problem.message) }
            }
            body {
                h1 { (problem.message) }
                @if let Some(hint) = &problem.hint { p { (hint) } }
            }
        }
    };
    (problem.status(), page).into_response()
}
