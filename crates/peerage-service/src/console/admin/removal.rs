//! Removal, asked twice: what goes, what stays, and what became of it.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::auth::SignedIn;
use crate::console::shell::{Page, PageProblem, alert, done, form, page};
use crate::problem::Problem;

/// What is to be removed.
pub(super) struct Removal {
    /// What it is, and which: `agent 1001`.
    pub(super) what: String,
    /// The title's words for it.
    pub(super) title: String,
    /// The page that lists its kind.
    pub(super) list: &'static str,
    /// Its own page.
    pub(super) path: String,
    /// What goes with it, and what stays; a sentence each.
    pub(super) farewell: (&'static [&'static str], &'static [&'static str]),
}

impl Removal {
    /// Asks whether to.
    pub(super) fn page(&self, user: &SignedIn, problem: Option<&Problem>) -> Markup {
        let (goes, stays) = self.farewell;
        let list = |sentences: &[&str]| html! { ul { @for sentence in sentences { li { (sentence) } } } };
        let body = html! {
            (alert(problem))
            section.card {
                h2 { "Removed" }
                (list(goes))
                @if !stays.is_empty() {
                    h2 { "Kept" }
                    (list(stays))
                }
                (form(user, &format!("{}/remove", self.path), html! {
                    div.actions {
                        button.danger type="submit" { "Remove " (self.what) }
                        a.button href=(self.path) { "Cancel" }
                    }
                }))
            }
        };
        page(&Page::new(&format!("Remove {}?", self.title), user, self.list), body)
    }
}

/// Where one goes after it; otherwise the page once more, which `asked` makes.
pub(super) async fn outcome(
    (list, what): (&str, String),
    user: &SignedIn,
    removed: Result<(), Problem>,
    asked: impl Future<Output = Result<Removal, PageProblem>>,
) -> Result<Response, PageProblem> {
    match removed {
        Ok(()) => Ok(done(list, format!("Removed {what}."))),
        // Sent twice, or somebody else was quicker: it is gone, as was wished.
        Err(problem) if problem.code == "not_found" => Ok(done(list, format!("The {what} no longer exists."))),
        Err(problem) => Ok((problem.status(), asked.await?.page(user, Some(&problem))).into_response()),
    }
}
