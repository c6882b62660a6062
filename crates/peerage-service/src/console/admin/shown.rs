//! The page that shows a secret, once.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::guard::Admin;
use super::once::Shown;
use crate::app::App;
use crate::console::shell::{Page, PageProblem, page};
use crate::problem::Problem;

/// Shows what was made. A file is only named: its download takes it.
pub(super) async fn get(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Markup, PageProblem> {
    let owner = user.name();
    let waiting = app.once().look(&key, &owner).await.ok_or_else(gone)?;
    let shown = if waiting.file.is_some() {
        waiting
    } else {
        app.once().take(&key, &owner).await.ok_or_else(gone)?
    };
    Ok(page(&Page::new(&shown.title, &user, ""), body(&shown, &key)))
}

fn body(shown: &Shown, key: &str) -> Markup {
    html! {
        section.card {
            @if shown.file.is_some() {
                p { "The secrets that were generated are in one file. It can be downloaded once, and within ten minutes; nothing keeps them." }
                p { a.button.primary href={ "/admin/shown/" (key) "/secrets.csv" } download="secrets.csv" { "Download secrets.csv" } }
            } @else {
                p { "Shown this once: write it down now. Nothing keeps it, and nobody can read it back." }
                dl.facts {
                    @for (what, secret) in &shown.secrets {
                        dt { (what) }
                        dd { code data-secret=(what) { (secret.expose()) } }
                    }
                }
            }
            div.actions { a.button href=(shown.back) { "Done" } }
        }
    }
}

/// Hands over the file.
pub(super) async fn file(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let owner = user.name();
    let waiting = app.once().look(&key, &owner).await;
    if waiting.is_none_or(|shown| shown.file.is_none()) {
        return Err(gone().into());
    }
    let shown = app.once().take(&key, &owner).await.ok_or_else(gone)?;
    let text = shown
        .file
        .as_ref()
        .map(|file| file.as_str().to_owned())
        .unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"secrets.csv\""),
    ];
    Ok((headers, text).into_response())
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "shown_already",
        "this was shown already, or waited too long",
    )
    .hint("what was made is in force; if you do not have it, make a new one")
}
