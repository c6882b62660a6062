//! The console: pages, one stylesheet, one script.

use axum::Router;
use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::problem::Problem;

/// Its routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
}

/// A problem, for people.
pub(crate) fn problem_page(problem: &Problem) -> Markup {
    html! {
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
    }
}
