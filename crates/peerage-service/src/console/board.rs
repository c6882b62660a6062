//! Boards of supervisors: who is where, what waits, how the day was spent, and what can be done about it.
//!
//! | page                        | shows                                                            |
//! |-----------------------------|------------------------------------------------------------------|
//! | `/board`                    | queues and agents right now; whoever is chosen is steered from it |
//! | `/board/live`               | its live part alone                                              |
//! | `/board/agents/{number}`    | an agent: state, what can be done, a day's history               |
//! | `/board/phones`, `.../{number}` | telephones: who is there, why they are not offered; release  |
//! | `/board/times`, `.csv`      | how agents spent a day                                           |
//!
//! Supervisors see and manage the agents in their queues, administrators all agents. What is shown is limited by the store's
//! filters; what is done is asked of [`may_steer`](crate::auth::may_steer) for each agent that it concerns, the one included
//! whose session ends for it.

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

mod agent;
mod agent_page;
mod at_work;
mod chart;
mod counts;
mod csv;
mod look;
mod overview;
mod parts;
mod phones;
mod scope;
mod spent;
mod steer;
mod times;

/// Its routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board", get(overview::show))
        .route("/board/live", get(overview::live))
        .route("/board/steer", post(overview::steer))
        .route("/board/agents/{number}", get(agent::show))
        .route("/board/agents/{number}/steer", post(agent::steer))
        .route("/board/agents/{number}/log-in", post(agent::log_in))
        .route("/board/phones", get(phones::list))
        .route("/board/phones/{number}", get(phones::show))
        .route("/board/phones/{number}/release", post(phones::release))
        .route("/board/phones/{number}/log-in", post(phones::log_in))
        .route("/board/times", get(times::show))
        .route("/board/times.csv", get(csv::export))
}
