//! Who asks: signing in and out, the own password.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use peerage_model::{Number, QueueName, Role, Username};
use peerage_store::{SignInError, Tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::Password;
use super::types;
use crate::app::App;
use crate::auth::{Entrance, Means, SignedIn, Visitor, sign_in, sign_out};
use crate::extract::Json;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(set_password))
        .routes(routes!(begin))
        .routes(routes!(end))
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The user; null for a token without a user.
    #[schema(value_type = Option<types::Username>, required)]
    username: Option<Username>,
    /// Role.
    #[schema(value_type = types::Role)]
    role: Role,
    /// The agent who is this user; null for none.
    #[schema(value_type = Option<types::Number>, required)]
    agent: Option<Number>,
    /// Queues of a supervisor.
    #[schema(value_type = Vec<types::QueueName>)]
    queues: Vec<QueueName>,
    /// Name of the token; null for a browser.
    #[schema(required)]
    token: Option<String>,
    /// Value of the header `x-csrf-token` for changes from a browser; null for a token.
    #[schema(required)]
    csrf: Option<String>,
}

impl From<SignedIn> for Me {
    fn from(who: SignedIn) -> Self {
        let (token, csrf) = match who.means {
            Means::Cookie { csrf, .. } => (None, Some(csrf)),
            Means::Token { name } => (Some(name), None),
        };
        Self {
            username: who.username,
            role: who.role,
            agent: who.agent,
            queues: who.queues,
            token,
            csrf,
        }
    }
}

/// Show the current user
#[utoipa::path(get, path = "/api/v1/me", tag = "me", operation_id = "get_me",
    responses((status = 200, description = "The current user", body = Me)))]
async fn me(who: SignedIn) -> Json<Me> {
    Json(who.into())
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// User name.
    #[schema(max_length = 200)]
    username: String,
    /// The password.
    #[schema(format = Password, max_length = 1024)]
    password: String,
}

/// Sign a browser in
///
/// Sets a cookie. An agent's other browsers are signed out.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "me", operation_id = "sign_in",
    request_body = Credentials,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 401, description = "Name or password is wrong", body = Problem),
        (status = 429, description = "Too many failed sign-ins; try again after `retry-after`", body = Problem)
    ))]
async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    jar: CookieJar,
    Json(given): Json<Credentials>,
) -> Result<(CookieJar, Json<Me>), Problem> {
    let (jar, who) = sign_in(&app, jar, Entrance::Api, &given.username, given.password, visitor).await?;
    Ok((jar, Json(who.into())))
}

/// Sign a browser out
///
/// Ends the session of the cookie and clears the cookie. Without a session, the request succeeds and changes nothing.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "me", operation_id = "sign_out",
    responses((status = 204, description = "Signed out")))]
async fn end(State(app): State<App>, jar: CookieJar) -> Result<(CookieJar, StatusCode), Problem> {
    Ok((sign_out(&app, jar).await?, StatusCode::NO_CONTENT))
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedPassword {
    /// The current password.
    #[schema(format = Password, max_length = 1024)]
    old: String,
    /// The new password.
    #[schema(value_type = types::Password)]
    new: Password,
    /// Whether to remove the user's tokens too.
    #[serde(default)]
    #[schema(required = false)]
    end_tokens: bool,
}

/// Change your own password
///
/// Signs out all other browsers of the user.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "me", operation_id = "set_own_password",
    request_body = ChangedPassword, responses((status = 204, description = "Changed")))]
async fn set_password(
    State(app): State<App>,
    who: SignedIn,
    Json(change): Json<ChangedPassword>,
) -> Result<StatusCode, Problem> {
    let Some(username) = who.username.clone() else {
        return Err(Problem::not_permitted(
            "the token acts for no user, so there is no password",
        ));
    };
    let session = match who.means {
        Means::Cookie { session, .. } => Some(session),
        Means::Token { .. } => None,
    };
    app.db_as(who.store_actor()?, move |store| {
        let tokens = if change.end_tokens { Tokens::End } else { Tokens::Keep };
        store.change_password(&username, &change.old, &change.new.0, session, tokens)
    })
    .await
    .map_err(|error: SignInError| crate::auth::refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
