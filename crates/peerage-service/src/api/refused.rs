//! Who was refused at the nodes.

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::types;
use crate::app::App;
use crate::extract::Json;
use crate::memory::{Refused, Watched};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The refusals of an account from an address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedRegistration {
    /// The node that refused.
    node: String,
    /// The account, as the request had it, cut after 64 characters; null for those beyond the first twenty of an address.
    #[schema(required)]
    account: Option<String>,
    /// Where the requests came from.
    address: String,
    /// What refused last: PJSIP, SIP or AMI.
    service: String,
    /// Why, the last time: unknown_account, wrong_secret, address_not_allowed or other.
    reason: &'static str,
    /// How many.
    count: u64,
    /// When first.
    #[schema(value_type = types::Timestamp)]
    first: Timestamp,
    /// When last.
    #[schema(value_type = types::Timestamp)]
    last: Timestamp,
}

impl From<Refused> for RefusedRegistration {
    fn from(refused: Refused) -> Self {
        Self {
            node: refused.node.to_string(),
            account: refused.account,
            address: refused.address,
            service: refused.service,
            reason: refused.why.word(),
            count: refused.count,
            first: refused.first,
            last: refused.last,
        }
    }
}

/// How a node's refusals are counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountedNode {
    /// The node.
    node: String,
    /// Since when: this service keeps them in memory.
    #[schema(value_type = types::Timestamp)]
    since: Timestamp,
    /// Whether the node's security events arrive at this moment.
    up: bool,
    /// How many are in no row: of addresses that gave way to others, and those that came too fast to be read.
    others: u64,
}

impl From<Watched> for CountedNode {
    fn from(watched: Watched) -> Self {
        Self {
            node: watched.node.to_string(),
            since: watched.since,
            up: watched.is_up,
            others: watched.others,
        }
    }
}

/// Who was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedRegistrations {
    /// By account and address, the latest first.
    items: Vec<RefusedRegistration>,
    /// The nodes that are followed.
    nodes: Vec<CountedNode>,
}

/// List refused registrations
///
/// Who was refused at the nodes, from where, how often and when last, since this service has been following them. Other refused
/// requests, and sign-ins to the AMI, are among them.
#[utoipa::path(get, path = "/api/v1/refused-registrations", tag = "refused registrations",
    operation_id = "list_refused_registrations",
    responses((status = 200, description = "Who was refused", body = RefusedRegistrations)))]
async fn list(State(app): State<App>) -> Json<RefusedRegistrations> {
    let refusals = app.refusals();
    Json(RefusedRegistrations {
        items: refusals.rows().into_iter().map(Into::into).collect(),
        nodes: refusals.watched().into_iter().map(Into::into).collect(),
    })
}
