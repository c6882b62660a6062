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

/// Refused requests for an account from an address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedRegistration {
    /// The node that refused.
    node: String,
    /// The account in the request, cut after 64 characters; null beyond the first twenty accounts of an address.
    #[schema(required)]
    account: Option<String>,
    /// Source address.
    address: String,
    /// The service that refused last: PJSIP, SIP or AMI.
    service: String,
    /// Reason of the last refusal: unknown_account, wrong_secret, address_not_allowed or other.
    reason: &'static str,
    /// Number of refusals.
    count: u64,
    /// First refusal.
    #[schema(value_type = types::Timestamp)]
    first: Timestamp,
    /// Last refusal.
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

/// How refusals of a node are counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountedNode {
    /// The node.
    node: String,
    /// Start of counting; the service counts in memory.
    #[schema(value_type = types::Timestamp)]
    since: Timestamp,
    /// Whether the node's security events arrive now.
    up: bool,
    /// Refusals that are not listed: of addresses dropped to save space, or too fast to read.
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

/// Refused requests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedRegistrations {
    /// By account and address, latest first.
    items: Vec<RefusedRegistration>,
    /// The nodes that are counted.
    nodes: Vec<CountedNode>,
}

/// List refused registrations
///
/// Requests that Asterisk refused, by account and address, since this service has been counting. Includes registrations, other
/// requests and AMI logins.
#[utoipa::path(get, path = "/api/v1/refused-registrations", tag = "refused registrations",
    operation_id = "list_refused_registrations",
    responses((status = 200, description = "Refused requests", body = RefusedRegistrations)))]
async fn list(State(app): State<App>) -> Json<RefusedRegistrations> {
    let refusals = app.refusals();
    Json(RefusedRegistrations {
        items: refusals.rows().into_iter().map(Into::into).collect(),
        nodes: refusals.watched().into_iter().map(Into::into).collect(),
    })
}
