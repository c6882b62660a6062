//! No request takes for ever, and none takes the service down.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::PATIENCE;
use crate::problem::Problem;

/// Answers with a problem when the handler panics, and when it takes too long to begin its answer. What it had begun in the
/// database ends by itself: each statement there has its own limit.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let patience = patience(request.uri().path());
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(patience, handled).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => {
            tracing::error!(panic = said(panic.as_ref()), "a handler panicked");
            Problem::internal().into_response()
        }
        Err(_elapsed) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed_out",
            format!("the service did not answer within {} seconds", patience.as_secs()),
        )
        .hint("try again later")
        .into_response(),
    }
}

/// How long this path may take.
fn patience(path: &str) -> Duration {
    let import = path.starts_with("/api/v1/import/") || path.starts_with("/admin/import");
    if import { 20 * PATIENCE } else { PATIENCE }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a word")
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_problem_and_the_next_request_is_answered() {
        async fn panics() -> &'static str {
            std::panic::panic_any("a secret")
        }
        let router = Router::new()
            .route("/panics", get(panics))
            .route("/works", get(|| async { "well" }))
            .layer(from_fn(guard));
        for (path, status) in [("/panics", 500), ("/works", 200), ("/panics", 500)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status);
            let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
            let body = String::from_utf8_lossy(&body);
            assert!(!body.contains("secret"), "{body}");
            assert_eq!(body.contains("\"internal\""), status == 500, "{body}");
        }
    }
}
