//! Tokens that let programs in.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{Role, Username};
use peerage_store::{NewToken, Store};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove))
}

/// The token of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfToken {
    /// The token's name.
    #[param(value_type = types::TokenName)]
    name: String,
}

/// A token, without its secret value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Name.
    name: String,
    /// Role.
    #[schema(value_type = types::Role)]
    role: Role,
    /// The user on whose behalf it acts; null for none.
    #[schema(value_type = Option<types::Username>, required)]
    username: Option<Username>,
    /// Expiry; null for never.
    #[schema(value_type = Option<types::Timestamp>, required)]
    expires_at: Option<Timestamp>,
    /// Last use, to about a minute; null if unused.
    #[schema(value_type = Option<types::Timestamp>, required)]
    used_at: Option<Timestamp>,
    /// Creation time.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

impl From<peerage_store::Token> for Token {
    fn from(token: peerage_store::Token) -> Self {
        Self {
            name: token.name,
            role: token.role,
            username: token.username,
            expires_at: token.expires_at,
            used_at: token.used_at,
            created_at: token.created_at,
        }
    }
}

/// A new token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenToAdd {
    /// Name.
    #[schema(value_type = types::TokenName)]
    name: String,
    /// Role; at most the role of its user.
    #[schema(value_type = types::Role)]
    role: Role,
    /// The user on whose behalf it acts; required for the roles supervisor and agent.
    #[schema(value_type = Option<types::Username>)]
    username: Option<Username>,
    /// Expiry; default: in 90 days; null for never.
    #[serde(default = "usual_expiry")]
    #[schema(value_type = Option<types::Timestamp>, required = false)]
    expires_at: Option<Timestamp>,
}

/// When a token expires unless somebody says otherwise.
fn usual_expiry() -> Option<Timestamp> {
    Some(NewToken::usual_expiry())
}

/// A new token, with its value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedToken {
    /// Name.
    name: String,
    /// The token, returned only once.
    token: String,
}

/// All tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// The tokens, by name.
    items: Vec<Token>,
}

/// List tokens
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", operation_id = "list_tokens",
    responses((status = 200, description = "The tokens", body = Tokens)))]
async fn list(State(app): State<App>) -> Result<Json<Tokens>, Problem> {
    let tokens = app.db(Store::tokens).await?;
    let items = tokens.into_iter().map(Token::from).collect();
    Ok(Json(Tokens { items }))
}

/// Add a token
///
/// The token is returned only once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", operation_id = "add_token",
    request_body = TokenToAdd, responses((status = 201, description = "Added", body = AddedToken)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<TokenToAdd>,
) -> Result<(StatusCode, Json<AddedToken>), Problem> {
    let name = new.name.clone();
    let new = NewToken {
        name: new.name,
        role: new.role,
        username: new.username,
        expires_at: new.expires_at,
    };
    let made = app
        .db_as(who.store_actor()?, move |store| store.add_token(&new))
        .await?;
    let token = made.expose().to_owned();
    Ok((StatusCode::CREATED, Json(AddedToken { name, token })))
}

/// Remove a token
///
/// The token stops working at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{name}", tag = "tokens", operation_id = "remove_token",
    params(OfToken), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfToken>) -> Result<StatusCode, Problem> {
    if of.name.contains('\0') {
        return Err(Problem::not_found("there is no such token"));
    }
    app.db_as(who.store_actor()?, move |store| store.remove_token(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
