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
mod field;
mod guard;
mod import;
mod kind;
mod list;
mod nodes;
mod once;
mod queues;
mod reasons;
mod removal;
mod sheet;
mod shown;
mod sites;
mod telephones;
mod thing;
mod tokens;
mod users;
mod voice;

/// Their routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(account::routes::<Agents>())
        .merge(account::routes::<Phones>())
        .merge(agents::routes())
        .merge(telephones::routes())
        .merge(thing::routes::<queues::Queues>())
        .merge(thing::routes::<reasons::Reasons>())
        .merge(thing::routes::<users::Users>())
        .merge(users::routes())
        .merge(thing::routes::<sites::Sites>())
        .merge(thing::routes::<nodes::Nodes>())
        .merge(nodes::routes())
        .merge(tokens::routes())
        .route("/admin/shown/{key}", get(shown::get))
        .merge(import::routes())
}
