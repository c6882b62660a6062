//! Who asks: a browser by its cookie, a program by its token.
#![allow(dead_code, reason = "stands in for the room until it lands")]

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use peerage_model::{Number, QueueName, Role, Username};

use crate::app::App;
use crate::problem::Problem;

#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) username: Option<Username>,
    pub(crate) role: Role,
    pub(crate) agent: Option<Number>,
    pub(crate) queues: Vec<QueueName>,
    pub(crate) means: Means,
}

#[derive(Clone, Debug)]
pub(crate) enum Means {
    Cookie { session: i64, csrf: String },
    Token { name: String },
}

impl SignedIn {
    pub(crate) fn csrf(&self) -> &str {
        match &self.means {
            Means::Cookie { csrf, .. } => csrf,
            Means::Token { .. } => "",
        }
    }
}

pub(crate) struct PageUser(pub(crate) SignedIn);

impl FromRequestParts<App> for PageUser {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Response> {
        Err(Problem::not_signed_in().into_response())
    }
}
