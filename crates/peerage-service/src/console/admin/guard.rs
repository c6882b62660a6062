//! Pages for administrators.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use peerage_model::Role;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::problem_page;

/// An administrator who looks at a page. Anybody else gets a page that says so.
#[derive(Clone, Debug)]
pub(super) struct Admin(pub(super) SignedIn);

impl FromRequestParts<App> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let PageUser(user) = PageUser::from_request_parts(parts, app).await?;
        match user.require(&[Role::Admin]) {
            Ok(()) => Ok(Self(user)),
            Err(problem) => Err(problem_page(&problem, None)),
        }
    }
}
