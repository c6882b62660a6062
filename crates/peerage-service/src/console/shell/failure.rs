//! Problems as people see them.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{Page, page};
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
        problem_page(&self.0)
    }
}

/// A page that says what went wrong and what to do.
pub(crate) fn problem_page(problem: &Problem) -> Response {
    let title = match problem.status {
        403 => "Not permitted",
        404 => "Nothing here",
        503 => "Not available right now",
        500.. => "Something broke",
        _ => "That did not work",
    };
    let body = html! {
        (alert(Some(problem)))
        p { a.button href="/" { "To the start" } }
    };
    (problem.status(), page(&Page::open(title), body)).into_response()
}

/// What went wrong, on top of what is shown again; nothing for nothing.
pub(crate) fn alert(problem: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div.alert role="alert" data-code=(problem.code) {
                p { strong { (sentence(&problem.message)) } }
                @if let Some(hint) = &problem.hint { p { (sentence(hint)) } }
            }
        }
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
    use super::sentence;

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("agent 1 is away"), "Agent 1 is away.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence("é"), "É.");
    }
}
