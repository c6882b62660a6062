//! Paths that lead nowhere, and methods that a path does not have.

use axum::http::{Method, StatusCode, Uri};

use crate::problem::Problem;

/// There is nothing here.
pub(super) async fn path(uri: Uri) -> Problem {
    Problem::not_found(format!("page not found: `{}`", shown(uri.path()))).hint("see GET /api/openapi.json for the API")
}

/// There is something here, which does not do that.
pub(super) async fn method(method: Method, uri: Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("`{}` does not support {}", shown(uri.path()), shown(method.as_str())),
    )
    .hint("the header `allow` lists the supported methods")
}

/// Enough of a text to recognise it.
fn shown(text: &str) -> String {
    text.chars().take(200).collect()
}
