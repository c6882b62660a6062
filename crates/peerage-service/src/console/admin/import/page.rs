//! The page of a file on its way in.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_store::BadRow;
use peerage_store::file::Glance;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::guard::Admin;
use crate::console::shell::{Page, PageProblem, alert, csrf, done, page, table};
use crate::memory::{About, Job, Progress};
use crate::problem::Problem;

const PATH: &str = "/admin/import";

fn find(app: &App, user: &SignedIn, key: &str) -> Result<Arc<Job>, Problem> {
    app.imports()
        .find(&user.name(), key)
        .ok_or_else(|| Problem::new(StatusCode::GONE, "file_gone", "the file has expired").hint("upload it again"))
}

pub(super) async fn get(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let job = find(&app, &user, &key)?;
    let progress = job.progress();
    let body = body(&user, &key, &job, &progress);
    let page = page(&Page::new(&format!("Import {}", job.name), &user, PATH), body);
    // Without a script, too.
    let again = progress.is_moving().then_some([(header::REFRESH, "2")]);
    Ok((again, page).into_response())
}

fn body(user: &SignedIn, key: &str, job: &Job, progress: &Progress) -> Markup {
    html! {
        @match progress {
            Progress::Checking => p role="status" { "Checking the file against the database. This page updates automatically." },
            Progress::Importing => p role="status" { "Importing the file. This page updates automatically." },
            Progress::Checked { lines, secrets, glance } => {
                section.card data-progress="checked" {
                    h2 { (counted(*lines, job.about)) " can be added" }
                    p {
                        "Every line was checked; nothing has been changed yet. "
                        @if *secrets > 0 { (secrets) " of them get a generated secret, in a file that you can download once." }
                        @else { "All of them have a secret." }
                    }
                    (glanced(glance, *lines))
                    div.actions {
                        form method="post" action={ (PATH) "/" (key) "/confirm" } {
                            (csrf(user))
                            button.primary type="submit" { "Add " (counted(*lines, job.about)) }
                        }
                        (discard_form(user, key))
                    }
                }
            },
            Progress::Bad { bad, more } => {
                div.alert role="alert" data-code="bad_lines" {
                    p { strong { "Nothing was changed: " (count(bad, *more)) " lines cannot be imported." } }
                    p { "Fix these lines and upload the file again." }
                }
                (bad_lines(bad, *more))
                (discard_form(user, key))
            },
            Progress::Failed(problem) => {
                (alert(Some(problem)))
                (discard_form(user, key))
            },
            Progress::Done { lines, secrets } => {
                section.card data-progress="done" {
                    h2 role="status" { "Added " (counted(*lines, job.about)) }
                    @if *secrets > 0 {
                        @if job.has_secrets() {
                            p { (secrets) " secrets were generated. You can download them once, within half an hour; they are not stored." }
                            p { a.button.primary href={ (PATH) "/" (key) "/secrets.csv" } download="secrets.csv" { "Download secrets.csv" } }
                        } @else {
                            p { (secrets) " secrets were generated and downloaded." }
                        }
                    }
                    div.actions {
                        a.button href=(list_of(job.about)) { "Back to list" }
                        a.button href=(PATH) { "Import another file" }
                    }
                }
            },
        }
    }
}

fn discard_form(user: &SignedIn, key: &str) -> Markup {
    html! {
        form method="post" action={ (PATH) "/" (key) "/discard" } {
            (csrf(user))
            button type="submit" { "Discard file" }
        }
    }
}

fn glanced(glance: &Glance, lines: u64) -> Markup {
    let columns: Vec<&str> = glance.columns.iter().map(String::as_str).collect();
    let rows = glance
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| html! { (cell) }).collect());
    let shown = glance.rows.len();
    let caption = if u64::try_from(shown).unwrap_or(u64::MAX) < lines {
        format!("The first {shown} lines")
    } else {
        "The lines".to_owned()
    };
    table(&caption, &columns, rows)
}

fn bad_lines(bad: &[BadRow], more: u64) -> Markup {
    let rows = bad
        .iter()
        .map(|row| vec![html! { (row.line) }, html! { (row.message) }]);
    html! {
        (table("Lines with errors", &["Line", "Error"], rows))
        @if more > 0 { p { "And " (more) " more." } }
    }
}

fn count(bad: &[BadRow], more: u64) -> u64 {
    more.saturating_add(u64::try_from(bad.len()).unwrap_or(u64::MAX))
}

fn counted(lines: u64, about: About) -> String {
    let noun = match about {
        About::Agents => "agent",
        About::Telephones => "phone",
    };
    format!("{lines} {noun}{}", if lines == 1 { "" } else { "s" })
}

fn list_of(about: About) -> &'static str {
    match about {
        About::Agents => "/admin/agents",
        About::Telephones => "/admin/telephones",
    }
}

/// Imports exactly the file that was checked; sent twice, it is imported once.
pub(super) async fn confirm(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let job = find(&app, &user, &key)?;
    if job.claim() {
        let (importing, store_app, actor) = (job.clone(), app.clone(), user.store_actor()?);
        tokio::spawn(async move {
            let imported = store_app.db_as(actor, move |store| {
                importing.import(store);
                Ok::<_, peerage_store::StoreError>(())
            });
            // What went wrong stands in the job.
            let _ = imported.await;
        });
    }
    job.settle().await;
    Ok(done(&format!("{PATH}/{key}"), ""))
}

pub(super) async fn discard(State(app): State<App>, Admin(user): Admin, Path(key): Path<String>) -> Response {
    app.imports().remove(&user.name(), &key);
    done(PATH, "File discarded; nothing was changed.")
}

/// Hands over the generated secrets, once.
pub(super) async fn secrets(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let job = find(&app, &user, &key)?;
    let gone = || {
        Problem::new(
            StatusCode::GONE,
            "shown_already",
            "the secrets have already been downloaded, or there are none",
        )
        .hint("set new secrets on the pages of the accounts")
    };
    let file = job.take_secrets().ok_or_else(gone)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"secrets.csv\""),
    ];
    Ok((headers, file.as_str().to_owned()).into_response())
}
