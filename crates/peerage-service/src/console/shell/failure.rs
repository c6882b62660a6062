//! Problems as people see them.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{Page, page};
use crate::auth::SignedIn;
use crate::problem::Problem;

/// What a handler of a page fails with: it becomes a page of its own.
#[derive(Debug)]
pub(crate) struct PageProblem(pub(crate) Problem);

impl<E: Into<Problem>> From<E> for PageProblem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        problem_page(&self.0, None)
    }
}

/// A page that says what went wrong and what to do, with the navigation of whoever is known to look at it. The problem travels along:
/// the server makes the page anew when it knows who that is.
pub(crate) fn problem_page(problem: &Problem, user: Option<&SignedIn>) -> Response {
    let title = match problem.status {
        403 => "Not permitted",
        404 => "Not found",
        503 => "Temporarily unavailable",
        500.. => "Internal error",
        _ => "Request failed",
    };
    let body = html! {
        (alert(Some(problem)))
        p { a.button href="/" { "Start page" } }
    };
    let frame = user.map_or_else(|| Page::open(title), |user| Page::new(title, user, ""));
    let mut response = (problem.status(), page(&frame, body)).into_response();
    response.extensions_mut().insert(problem.clone());
    response
}

/// What went wrong, on top of what is shown again; nothing for nothing.
pub(crate) fn alert(problem: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div.alert role="alert" data-code=(problem.code) {
                p { strong { (sentence(&problem.message)) } }
                @if let Some(hint) = hint_of(problem) { p { (sentence(&hint)) } }
            }
        }
    }
}

/// The hint of a page: words that help in a browser. What only a program can follow, such as an endpoint, is left out.
pub(crate) fn hint_of(problem: &Problem) -> Option<String> {
    match &problem.advice {
        Some(advice) => Some(advice.to_string()),
        None => problem.hint.clone().filter(|hint| !hint.contains("/api/")),
    }
}

/// A message begins small and ends without a full stop, for programs; people get a sentence.
pub(super) fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.unwrap_or_default(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::{hint_of, sentence};
    use crate::problem::Problem;

    #[test]
    fn page_shows_no_hint_that_names_an_endpoint() {
        let problem = |hint: &str| Problem::not_found("page not found").hint(hint);
        assert_eq!(hint_of(&problem("see GET /api/openapi.json for the API")), None);
        assert_eq!(
            hint_of(&problem("ask an administrator")).as_deref(),
            Some("ask an administrator")
        );
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("agent 1 is away"), "Agent 1 is away.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence("é"), "É.");
    }
}
