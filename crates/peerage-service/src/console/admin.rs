//! The administrator's pages.
//!
//! Forms are made of tables: `sheet::Words` says what a field is called and how it is typed, `peerage_store::fields` how it is read and
//! written. `entry` decides what becomes of a form while others change the same thing, `once` what happens when one is sent twice.

use axum::Router;
use axum::routing::get;
use peerage_store::fields::kind::{Agents, Phones};

use crate::app::App;

mod account;
mod agents;
mod channel;
mod entry;
mod faults;
mod guard;
mod kind;
mod list;
mod once;
mod sheet;
mod shown;
mod sites;
mod telephones;
mod voice;

pub(crate) use once::Once;

/// Their routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(account::routes::<Agents>())
        .merge(account::routes::<Phones>())
        .merge(agents::routes())
        .merge(telephones::routes())
        .route("/admin/shown/{key}", get(shown::get))
        .route("/admin/shown/{key}/secrets.csv", get(shown::file))
}
