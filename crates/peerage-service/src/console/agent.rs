//! The agent's pages: where calls ring, work page, history, phone numbers.
//!
//! | room | what is in it |
//! |---|---|
//! | `desk` | what the pages show, loaded |
//! | `act` | what an agent does: a form each |
//! | `refused` | what was refused, and the form that would help |
//! | `place` | the choice where calls ring: interface, or telephone |
//! | `work` | state, pauses, queues |
//! | `history`, `numbers` | the pages of those names |

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

mod act;
mod desk;
mod history;
mod numbers;
mod place;
mod refused;
mod work;

pub(super) use act::attend;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/agent", get(work::show))
        .route("/agent/log-in", post(act::log_in))
        .route("/agent/log-out", post(act::log_out))
        .route("/agent/move", get(place::show_move).post(act::move_to))
        .route("/agent/pause", post(act::pause))
        .route("/agent/unpause", post(act::unpause))
        .route("/agent/history", get(history::show))
        .route("/agent/numbers", get(numbers::ask).post(numbers::save))
}
