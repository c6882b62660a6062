//! Problems as pages, for people.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console;
use crate::problem::Problem;

/// Turns a problem into a page where a person looks at it in a browser. Programs get it as JSON.
pub(super) async fn page(State(app): State<App>, request: Request, next: Next) -> Response {
    let for_people = wants_page(request.uri().path(), request.headers());
    let head = request.method() == Method::HEAD;
    let (mut asked, body) = request.into_parts();
    let request = Request::from_parts(asked.clone(), body);
    let mut answer = next.run(request).await;
    let Some(problem) = answer.extensions_mut().remove::<Problem>() else {
        return answer;
    };
    if !for_people || head {
        return answer;
    }
    // Whoever is signed in keeps the way to other pages. A service in trouble is not asked who it is.
    let user = match problem.status {
        403..=405 => <SignedIn as FromRequestParts<App>>::from_request_parts(&mut asked, &app)
            .await
            .ok(),
        _ => None,
    };
    let page = console::problem_page(&problem, user.as_ref());
    let (mut parts, _) = answer.into_parts();
    let (page_parts, body) = page.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    if let Some(content_type) = page_parts.headers.get(CONTENT_TYPE) {
        parts.headers.insert(CONTENT_TYPE, content_type.clone());
    }
    Response::from_parts(parts, body)
}

/// Whether an answer on this path is for a person: browsers ask for HTML, programs do not.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let of_programs = ["/api/", "/health/", "/metrics", "/events"]
        .iter()
        .any(|prefix| path.starts_with(prefix));
    let accepts = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or("");
    !of_programs && accepts.contains("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(path: &str, accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        wants_page(path, &headers)
    }

    #[test]
    fn browsers_get_pages_and_programs_json() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(wants("/agents/1001", browser));
        assert!(!wants("/agents/1001", "application/json"));
        assert!(!wants("/agents/1001", "*/*"));
        assert!(!wants("/api/v1/agents", browser));
        assert!(!wants_page("/agents", &HeaderMap::new()));
    }
}
