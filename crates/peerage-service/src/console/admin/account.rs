//! Pages that agents and telephones have alike: new, edit, secret, number, disable, remove, what Asterisk is told.

use axum::Router;
use axum::routing::{get, post};
use peerage_model::Number;

use super::kind::Kind;
use crate::app::App;
use crate::problem::Problem;

mod asterisk;
pub(super) mod edit;
mod new;
mod number;
mod parts;
mod remove;
pub(super) mod secret;

pub(super) use parts::{account_cards, identity};

/// The routes of a kind.
pub(super) fn routes<K: Kind>() -> Router<App> {
    let at = |rest: &str| format!("{}{rest}", K::PATH);
    Router::new()
        .route(&at("/new"), get(new::get::<K>).post(new::post::<K>))
        .route(&at("/{number}"), get(edit::get::<K>).post(edit::post::<K>))
        .route(&at("/{number}/secret"), post(secret::post::<K>))
        .route(&at("/{number}/number"), post(number::post::<K>))
        .route(&at("/{number}/disable"), post(edit::disable::<K>))
        .route(&at("/{number}/enable"), post(edit::enable::<K>))
        .route(&at("/{number}/remove"), get(remove::get::<K>).post(remove::post::<K>))
        .route(&at("/{number}/asterisk"), get(asterisk::get::<K>))
}

/// The number in an address.
pub(super) fn number_of<K: Kind>(text: &str) -> Result<Number, Problem> {
    Number::try_from(text).map_err(|_no_number| Problem::not_found(format!("there is no {} of that number", K::NOUN)))
}
