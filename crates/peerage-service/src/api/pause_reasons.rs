//! Reasons for pauses.

use axum::extract::State;
use axum::http::StatusCode;
use peerage_model::ReasonCode;
use peerage_store::{ReasonPatch, Store, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::changes;
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(set, remove))
}

/// The reason of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfReason {
    /// The reason's code.
    #[param(value_type = types::ReasonCode)]
    code: ReasonCode,
}

/// A pause reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reason {
    /// Code used in Asterisk and its logs.
    #[schema(value_type = types::ReasonCode)]
    code: ReasonCode,
    /// Label shown to people.
    label: String,
    /// Whether the pause counts as working time.
    productive: bool,
    /// Maximum duration in seconds; null for no limit.
    #[schema(value_type = Option<types::MaxSeconds>, required)]
    max_seconds: Option<i32>,
    /// Whether agents can select it.
    selectable: bool,
    /// Whether it is used when an agent gives none.
    default: bool,
    /// Whether it belongs to the system; such a reason cannot be selected or changed.
    system: bool,
}

impl From<peerage_store::Reason> for Reason {
    fn from(reason: peerage_store::Reason) -> Self {
        Self {
            code: reason.code,
            label: reason.label,
            productive: reason.productive,
            max_seconds: reason.max_seconds,
            selectable: reason.selectable,
            default: reason.is_default,
            system: reason.system,
        }
    }
}

/// Checked by the database, by the names of their rules.
type Label = String;
type MaxSeconds = i32;

changes! {
    /// Changes of a reason. Omitted fields stay unchanged or get their default; null clears a field.
    ReasonChanges {
        /// Label shown to people. New: the code.
        label: Label,
        /// Whether the pause counts as working time. New: no.
        productive: bool,
        /// Maximum duration in seconds; null for no limit.
        max_seconds: MaxSeconds or null,
        /// Whether agents can select it. New: yes.
        selectable: bool,
        /// Whether it is used when an agent gives none; replaces the current default.
        default: bool,
    }
}

changes! {
    /// A new pause reason.
    ReasonFields {
        /// Code used in Asterisk and its logs.
        code: ReasonCode,
        /// Label shown to people. New: the code.
        label: Label,
        /// Whether the pause counts as working time. New: no.
        productive: bool,
        /// Maximum duration in seconds; null for no limit.
        max_seconds: MaxSeconds or null,
        /// Whether agents can select it. New: yes.
        selectable: bool,
        /// Whether it is used when an agent gives none; replaces the current default.
        default: bool,
    }
}

/// A new pause reason; the code is required.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct ReasonToAdd(ReasonFields);

super::document::with_required!(ReasonToAdd = ReasonFields, ["code"]);

/// All reasons.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reasons {
    /// The reasons, by code.
    items: Vec<Reason>,
}

fn placed(error: StoreError) -> Problem {
    let mut problem = Problem::from(error);
    problem.details.field = problem.details.field.map(|field| match field.as_str() {
        "is_default" => "default".to_owned(),
        _ => field,
    });
    problem
}

/// List pause reasons
#[utoipa::path(get, path = "/api/v1/pause-reasons", tag = "pause reasons", operation_id = "list_pause_reasons",
    responses((status = 200, description = "The reasons", body = Reasons)))]
async fn list(State(app): State<App>) -> Result<Json<Reasons>, Problem> {
    let reasons = app.db(Store::pause_reasons).await?;
    let items = reasons.into_iter().map(Reason::from).collect();
    Ok(Json(Reasons { items }))
}

/// Add a pause reason
#[utoipa::path(post, path = "/api/v1/pause-reasons", tag = "pause reasons", operation_id = "add_pause_reason",
    request_body = ReasonToAdd, responses((status = 201, description = "Added", body = Reason)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(ReasonToAdd(new)): Json<ReasonToAdd>,
) -> Result<(StatusCode, Json<Reason>), Problem> {
    let code = new
        .code
        .into_option()
        .ok_or_else(|| Problem::invalid("code", "`code` is missing"))?;
    let patch = ReasonPatch {
        label: new.label.into_option(),
        productive: new.productive.into_option(),
        max_seconds: new.max_seconds.into_option(),
        selectable: new.selectable.into_option(),
        is_default: new.default.into_option(),
    };
    let added = code.clone();
    app.db_as(who.store_actor()?, move |store| store.add_pause_reason(&added, &patch))
        .await
        .map_err(placed)?;
    let reason = one(&app, &code).await?;
    Ok((StatusCode::CREATED, Json(reason)))
}

async fn one(app: &App, code: &ReasonCode) -> Result<Reason, Problem> {
    let reasons = app.db(Store::pause_reasons).await?;
    let found = reasons.into_iter().find(|reason| reason.code == *code);
    found
        .map(Reason::from)
        .ok_or_else(|| Problem::not_found(format!("there is no pause reason `{code}`")))
}

/// Change a pause reason
#[utoipa::path(patch, path = "/api/v1/pause-reasons/{code}", tag = "pause reasons", operation_id = "set_pause_reason",
    params(OfReason), request_body = ReasonChanges,
    responses((status = 200, description = "The reason as it is now", body = Reason)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfReason>,
    Json(changes): Json<ReasonChanges>,
) -> Result<Json<Reason>, Problem> {
    let patch = ReasonPatch {
        label: changes.label.into_option(),
        productive: changes.productive.into_option(),
        max_seconds: changes.max_seconds.into_option(),
        selectable: changes.selectable.into_option(),
        is_default: changes.default.into_option(),
    };
    let code = of.code.clone();
    app.db_as(who.store_actor()?, move |store| {
        store.set_pause_reason(&of.code, &patch)
    })
    .await
    .map_err(placed)?;
    one(&app, &code).await.map(Json)
}

/// Remove a pause reason
///
/// History keeps the code.
#[utoipa::path(delete, path = "/api/v1/pause-reasons/{code}", tag = "pause reasons", operation_id = "remove_pause_reason",
    params(OfReason), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfReason>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_pause_reason(&of.code))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
