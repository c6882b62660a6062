//! The page that shows a secret, once.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use maud::{Markup, html};

use super::guard::Admin;
use crate::app::App;
use crate::console::shell::{Page, PageProblem, page};
use crate::memory::Shown;
use crate::problem::Problem;

/// Shows what was made.
pub(super) async fn get(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Markup, PageProblem> {
    let shown = app.once().take(&key, &user.name()).await.ok_or_else(gone)?;
    Ok(page(&Page::new(&shown.title, &user, ""), body(&shown)))
}

fn body(shown: &Shown) -> Markup {
    html! {
        section.card {
            p { "Write this down now. It is shown only once and cannot be recovered." }
            dl.facts {
                @for (what, secret) in &shown.secrets {
                    dt { (what) }
                    dd { code data-secret=(what) { (secret.expose()) } }
                }
            }
            div.actions { a.button href=(shown.back) { "Done" } }
        }
    }
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "shown_already",
        "this secret has already been shown or has expired",
    )
    .hint("if you do not have it, generate a new one")
}
