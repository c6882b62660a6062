//! Who signs in.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{Number, QueueName, Role, Username};
use peerage_store::{Login, LoginPatch, NewLogin, StoreError, Tokens};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::{Password, changes};
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(set_password))
        .routes(routes!(set_queues))
}

/// The user of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfUser {
    /// User name.
    #[param(value_type = types::Username)]
    username: Username,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// User name.
    #[schema(value_type = types::Username)]
    username: Username,
    /// Role.
    #[schema(value_type = types::Role)]
    role: Role,
    /// Number of the agent who is this user; the last number of a removed agent.
    #[schema(value_type = Option<types::Number>, required)]
    agent: Option<Number>,
    /// Whether a password is set.
    has_password: bool,
    /// Whether the user is disabled.
    disabled: bool,
    /// Failed sign-ins since the last success.
    failed_sign_ins: i32,
    /// End of the lock; null if not locked.
    #[schema(value_type = Option<types::Timestamp>, required)]
    locked_until: Option<Timestamp>,
    /// Queues of a supervisor.
    #[schema(value_type = Vec<types::QueueName>)]
    queues: Vec<QueueName>,
    /// Creation time.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

impl User {
    fn of(login: Login, queues: Vec<QueueName>) -> Self {
        Self {
            username: login.username,
            role: login.role,
            agent: login.agent,
            has_password: login.has_password,
            disabled: login.disabled,
            failed_sign_ins: login.failed_sign_ins,
            locked_until: login.locked_until,
            queues,
            created_at: login.created_at,
        }
    }
}

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserToAdd {
    /// User name.
    #[schema(value_type = types::Username)]
    username: Username,
    /// Role.
    #[schema(value_type = types::Role)]
    role: Role,
    /// Number of the agent who is this user; required for role agent.
    #[schema(value_type = Option<types::Number>)]
    agent: Option<Number>,
    /// The password; default: none.
    #[schema(value_type = Option<types::Password>)]
    password: Option<Password>,
}

changes! {
    /// Changes of a user. Omitted fields stay unchanged; null clears a field.
    UserChanges {
        /// Role.
        role: Role,
        /// Number of the agent who is this user.
        agent: Number or null,
        /// Whether the user is disabled; ends the user's sessions.
        disabled: bool,
        /// Clear failed sign-ins and unlock the user.
        unlock: bool,
    }
}

/// All users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    /// The users, by name.
    items: Vec<User>,
}

/// List users
#[utoipa::path(get, path = "/api/v1/users", tag = "users", operation_id = "list_users",
    responses((status = 200, description = "The users", body = Users)))]
async fn list(State(app): State<App>) -> Result<Json<Users>, Problem> {
    let read = app.db(|store| {
        let with_queues = |login: Login| {
            // Only a supervisor's say anything.
            let queues = match login.role {
                Role::Supervisor => store.supervisor_queues(&login.username)?,
                _ => Vec::new(),
            };
            Ok::<_, StoreError>(User::of(login, queues))
        };
        store.logins()?.into_iter().map(with_queues).collect()
    });
    let items: Vec<User> = read.await.map_err(|error: StoreError| Problem::from(error))?;
    Ok(Json(Users { items }))
}

async fn one(app: &App, username: Username) -> Result<User, Problem> {
    let read = app.db(move |store| {
        let queues = store.supervisor_queues(&username)?;
        Ok::<_, StoreError>(User::of(store.login(&username)?, queues))
    });
    Ok(read.await?)
}

/// Add a user
#[utoipa::path(post, path = "/api/v1/users", tag = "users", operation_id = "add_user",
    request_body = UserToAdd, responses((status = 201, description = "Added", body = User)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<UserToAdd>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let username = new.username.clone();
    let password = new.password.map(|password| password.0);
    let login = NewLogin {
        username: new.username,
        role: new.role,
        agent: new.agent,
    };
    app.db_as(who.store_actor()?, move |store| {
        store.add_login(&login, password.as_ref())
    })
    .await?;
    let user = one(&app, username).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Show a user
#[utoipa::path(get, path = "/api/v1/users/{username}", tag = "users", operation_id = "get_user",
    params(OfUser), responses((status = 200, description = "The user", body = User)))]
async fn get(State(app): State<App>, Path(of): Path<OfUser>) -> Result<Json<User>, Problem> {
    one(&app, of.username).await.map(Json)
}

/// Change a user
#[utoipa::path(patch, path = "/api/v1/users/{username}", tag = "users", operation_id = "set_user",
    params(OfUser), request_body = UserChanges,
    responses((status = 200, description = "The user as it is now", body = User)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfUser>,
    Json(changes): Json<UserChanges>,
) -> Result<Json<User>, Problem> {
    let patch = LoginPatch {
        role: changes.role.into_option(),
        agent: changes.agent.into_option(),
        disabled: changes.disabled.into_option(),
        unlock: changes.unlock.into_option().unwrap_or(false),
    };
    let username = of.username.clone();
    app.db_as(who.store_actor()?, move |store| store.set_login(&of.username, &patch))
        .await?;
    one(&app, username).await.map(Json)
}

/// Remove a user
#[utoipa::path(delete, path = "/api/v1/users/{username}", tag = "users", operation_id = "remove_user",
    params(OfUser), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfUser>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_login(&of.username))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The password; null for none.
    #[schema(value_type = Option<types::Password>, required)]
    password: Option<Password>,
    /// Whether to remove the user's tokens too.
    #[serde(default)]
    #[schema(required = false)]
    end_tokens: bool,
}

/// Set a user's password
///
/// Signs out the user's browsers and clears failed sign-ins. The user's tokens keep working unless `end_tokens` is set.
#[utoipa::path(put, path = "/api/v1/users/{username}/password", tag = "users", operation_id = "set_user_password",
    params(OfUser), request_body = NewPassword, responses((status = 204, description = "Set")))]
async fn set_password(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfUser>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    let password = new.password.map(|password| password.0);
    let tokens = if new.end_tokens { Tokens::End } else { Tokens::Keep };
    app.db_as(who.store_actor()?, move |store| {
        store.set_login_password(&of.username, password.as_ref(), tokens)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Queues of a supervisor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WatchedQueues {
    /// All queues; replaces the current list.
    #[schema(value_type = Vec<types::QueueName>, max_items = 1000)]
    queues: Vec<QueueName>,
}

/// Set the queues of a supervisor
#[utoipa::path(put, path = "/api/v1/users/{username}/queues", tag = "users", operation_id = "set_user_queues",
    params(OfUser), request_body = WatchedQueues,
    responses((status = 200, description = "The user as it is now", body = User)))]
async fn set_queues(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfUser>,
    Json(watched): Json<WatchedQueues>,
) -> Result<Json<User>, Problem> {
    let username = of.username.clone();
    app.db_as(who.store_actor()?, move |store| {
        store.set_supervisor_queues(&of.username, &watched.queues)
    })
    .await?;
    one(&app, username).await.map(Json)
}
