//! Paths that lead nowhere, and methods that a path does not have.

use axum::http::{Method, StatusCode, Uri};

use crate::problem::Problem;

/// There is nothing here.
pub(super) async fn path(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at `{}`", shown(uri.path())))
        .hint("GET /api/openapi.json describes the interface for programs")
}

/// There is something here, which does not do that.
pub(super) async fn method(method: Method, uri: Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("`{}` takes no {}", shown(uri.path()), shown(method.as_str())),
    )
    .hint("the header `allow` names the methods that it takes")
}

/// Enough of a text to recognise it.
fn shown(text: &str) -> String {
    text.chars().take(200).collect()
}
