//! An error as a program or a page gets it.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use peerage_model::{Invalid, RefusalCode};
use peerage_store::{Advice, Entity, StateError, StoreError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// When to try again what was refused because somebody else holds what is needed.
const BUSY_SECONDS: u64 = 3;

/// What went wrong, where, and what to do. No secret ever stands in it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// The HTTP status it travels with.
    #[serde(skip)]
    pub(crate) status: u16,
    /// After how many seconds to try again: the header `retry-after`.
    #[serde(skip)]
    pub(crate) retry_after: Option<u64>,
    /// Stable code, such as `telephone_in_use`.
    #[schema(schema_with = code)]
    pub(crate) code: String,
    /// Message: lower case, without a full stop.
    pub(crate) message: String,
    /// Field, constraint and lines concerned.
    pub(crate) details: Details,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    /// The store's advice behind the hint, which a page says in its own words.
    #[serde(skip)]
    pub(crate) advice: Option<Advice>,
}

/// Every code there is.
fn code() -> Schema {
    let codes: Vec<&str> = codes().collect();
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Stable code"))
            .enum_values(Some(codes))
            .build(),
    )
}

/// Every code that a problem can have.
fn codes() -> impl Iterator<Item = &'static str> {
    const OWN: &[&str] = &[
        "bad_body",
        "bad_forwarding",
        "bad_host",
        "bad_json",
        "bad_token",
        "busy",
        "conflict",
        "csrf",
        "database_unavailable",
        "disabled",
        "internal",
        "invalid",
        "invalid_lines",
        "locked",
        "method_not_allowed",
        "not_found",
        "not_possible",
        "not_signed_in",
        "timed_out",
        "too_large",
        "too_many",
        "unsupported_media_type",
        "wrong_password",
    ];
    let of_state = RefusalCode::ALL.iter().map(|code| code.as_str());
    OWN.iter().copied().chain(of_state)
}

/// Details of a problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Details {
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// The database constraint that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) constraint: Option<String>,
    /// Bad lines of a file, up to a hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) lines: Vec<BadLine>,
}

/// A line of a file that is at fault.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct BadLine {
    /// Its number, from 1.
    pub(crate) line: u64,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            code: code.into(),
            message: message.into(),
            details: Details::default(),
            hint: None,
            advice: None,
            retry_after: None,
        }
    }

    /// When it makes sense to try again.
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        self
    }

    /// Somebody asks too much.
    pub(crate) fn too_many(message: impl Into<String>, wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message)
            .hint("send fewer requests, or wait a moment")
            .retry_after(wait.max(Duration::from_secs(1)))
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self.advice = None;
        self
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.details.field = Some(field.into());
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Nobody is signed in.
    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "you are not signed in")
            .hint("sign in, or send a token: `Authorization: Bearer TOKEN`")
    }

    /// This is for others.
    pub(crate) fn not_permitted(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_permitted", message).hint("ask an administrator")
    }

    /// A value breaks its field's rule.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message).field(field)
    }

    /// Something went wrong that is no fault of whoever asks. The log says what.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "internal error")
            .hint("see the service's log for the ID in the header `x-request-id`")
    }

    /// There is nothing here.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (status, code) = match &error {
            StoreError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            StoreError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            StoreError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            StoreError::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            StoreError::Unavailable(_) if error.is_out_of_room() => {
                tracing::error!(%error, "the database has no room left");
                return Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "database_unavailable",
                    "the database is out of space; nothing was changed",
                )
                .hint("ask an administrator to free disk space on the database's machine");
            }
            // Addresses and paths are for the log, not for whoever asks.
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database does not respond");
                return Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "database_unavailable",
                    "the database does not respond",
                )
                .hint("try again in a moment; see the service's log for the reason");
            }
            // The database is not set up for it, and the error says how to mend that.
            StoreError::Other(_) if error.advice().is_some() => (StatusCode::SERVICE_UNAVAILABLE, "not_possible"),
            _ => {
                tracing::error!(%error, "the database did not answer as expected");
                return Self::internal();
            }
        };
        let retry_after = matches!(error, StoreError::Busy(_)).then_some(BUSY_SECONDS);
        Self {
            retry_after,
            details: Details {
                field: error.field().map(str::to_owned),
                constraint: error.constraint().map(str::to_owned),
                lines: Vec::new(),
            },
            hint: error.advice().map(hint_of),
            advice: error.advice().cloned(),
            ..Self::new(status, code, error.message())
        }
    }
}

/// The hint of the API, with the endpoint that helps.
fn hint_of(advice: &Advice) -> String {
    match advice {
        Advice::List(entity) => format!("`GET {}` lists those there are", endpoint(*entity)),
        Advice::NodeLogin(words) => format!("{words} in `login`"),
        Advice::NodeSites => "`GET /api/v1/nodes` shows which: take the site from its `sites` first".to_owned(),
        advice => advice.to_string(),
    }
}

/// The endpoint that lists these.
const fn endpoint(entity: Entity) -> &'static str {
    match entity {
        Entity::Agent => "/api/v1/agents",
        Entity::Phone => "/api/v1/phones",
        Entity::Queue => "/api/v1/queues",
        Entity::PauseReason => "/api/v1/pause-reasons",
        Entity::Site => "/api/v1/sites",
        Entity::Node => "/api/v1/nodes",
        Entity::User => "/api/v1/users",
        Entity::Token => "/api/v1/tokens",
        Entity::AuditEntry => "/api/v1/audit",
    }
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Store(error) => error.into(),
            StateError::Refused(refusal) => {
                let code = refusal.code();
                let status = match code.as_str() {
                    "not_permitted" => StatusCode::FORBIDDEN,
                    _ => StatusCode::CONFLICT,
                };
                Self::new(status, code.as_str(), refusal.message()).hint(refusal.hint())
            }
        }
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", invalid.to_string()).field(invalid.field())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = (self.status(), Json(&self)).into_response();
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        // For who makes a page of it.
        answer.extensions_mut().insert(self);
        answer
    }
}
