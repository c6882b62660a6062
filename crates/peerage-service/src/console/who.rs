use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use super::shell::problem_page;
use crate::app::App;
use crate::auth::SignedIn;

/// Who looks at a page. Who is not signed in is led to where one signs in, and from there back.
#[derive(Clone, Debug)]
pub(super) struct PageUser(pub(super) SignedIn);

impl FromRequestParts<App> for PageUser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(who) => Ok(Self(who)),
            Err(problem) if problem.status == 401 => Err(to_sign_in(parts).into_response()),
            Err(problem) => Err(problem_page(&problem, None)),
        }
    }
}

fn to_sign_in(parts: &Parts) -> Redirect {
    // Only what can be asked for again is come back to.
    if parts.method != axum::http::Method::GET || parts.uri.path() == "/" {
        return Redirect::to("/sign-in");
    }
    let wanted = parts.uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let mut next = String::from("/sign-in?next=");
    for byte in wanted.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            next.push(char::from(byte));
        } else {
            next.push_str(&format!("%{byte:02X}"));
        }
    }
    Redirect::to(&next)
}
