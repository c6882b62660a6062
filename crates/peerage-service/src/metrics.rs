//! What Prometheus reads: names begin with `peerage_`, labels are ids, never names of people.

mod http;

use std::time::Duration;

use peerage_model::NodeName;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use http::HttpMetrics;

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    listening: Gauge,
    links: Family<OfNode, Gauge>,
    leads: Family<OfNode, Gauge>,
    drift: Family<OfNode, Gauge>,
    changes: Family<OfNode, Histogram>,
    actions: Family<OfAction, Counter>,
    refused: Family<OfRefusal, Counter>,
    http: HttpMetrics,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfNode {
    node: String,
}

/// What became of one kind of action at a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAction {
    node: String,
    action: &'static str,
    outcome: &'static str,
}

/// Requests that a node refused, by why. Accounts and addresses are strangers' to choose, so they are no labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRefusal {
    node: String,
    reason: &'static str,
}

impl OfNode {
    fn of(node: &NodeName) -> Self {
        Self { node: node.to_string() }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("peerage");
        let (listening, links, leads) = (Gauge::default(), Family::default(), Family::default());
        let drift = Family::default();
        let changes = Family::new_with_constructor(histogram as fn() -> Histogram);
        let actions = Family::default();
        registry.register(
            "listening",
            "Whether the database's notifications arrive",
            listening.clone(),
        );
        registry.register(
            "link_up",
            "Whether the Manager interface of a node is connected",
            links.clone(),
        );
        registry.register(
            "leads",
            "Whether this service leads a node; of all services on a database one leads each node, and alone gives it orders",
            leads.clone(),
        );
        registry.register(
            "drift",
            "Members of queues that were otherwise at a node than in the database when last compared",
            drift.clone(),
        );
        registry.register(
            "change_seconds",
            "From the notification of a changed account, which follows its commit at once, until the node has said that it \
             will read it anew; what it waited for included: a link that was away, a call of a chan_sip peer",
            changes.clone(),
        );
        registry.register(
            "node_actions",
            "Manager actions that make a node forget or take note, by what became of them",
            actions.clone(),
        );
        let refused = Family::default();
        registry.register(
            "refused_registrations",
            "Registrations and other requests that a node refused, by reason; `missed` came too fast to be read",
            refused.clone(),
        );
        let http = HttpMetrics::register(&mut registry);
        Self {
            registry,
            listening,
            links,
            leads,
            drift,
            changes,
            actions,
            refused,
            http,
        }
    }
}

/// From a millisecond to about a minute.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 17))
}

impl Metrics {
    /// Requests.
    pub(crate) fn http(&self) -> &HttpMetrics {
        &self.http
    }

    /// All of it, in the text format of OpenMetrics.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // A String takes whatever is written.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }

    /// Whether notifications arrive.
    pub(crate) fn listening(&self) -> &Gauge {
        &self.listening
    }

    /// Whether the link to this node is up.
    pub(crate) fn link(&self, node: &NodeName) -> Gauge {
        self.links.get_or_create_owned(&OfNode::of(node))
    }

    /// Whether this service leads this node.
    pub(crate) fn leads(&self, node: &NodeName) -> Gauge {
        self.leads.get_or_create_owned(&OfNode::of(node))
    }

    /// A node has taken note of a change after this time.
    pub(crate) fn changed(&self, node: &NodeName, after: Duration) {
        let changes = self.changes.get_or_create(&OfNode::of(node));
        changes.observe(after.as_secs_f64());
    }

    /// This became of an action at a node.
    pub(crate) fn action(&self, node: &NodeName, action: &'static str, outcome: &'static str) {
        let of = OfAction {
            node: node.to_string(),
            action,
            outcome,
        };
        self.actions.get_or_create(&of).inc();
    }

    /// A node has refused so many requests.
    pub(crate) fn refused(&self, node: &NodeName, reason: &'static str, count: u64) {
        let of = OfRefusal {
            node: node.to_string(),
            reason,
        };
        self.refused.get_or_create(&of).inc_by(count);
    }

    /// How many members of queues differed at this node.
    pub(crate) fn set_drift(&self, node: &NodeName, members: usize) {
        let drift = self.drift.get_or_create_owned(&OfNode::of(node));
        drift.set(i64::try_from(members).unwrap_or(i64::MAX));
    }

    /// This node is not compared any more.
    pub(crate) fn forget_drift(&self, node: &NodeName) {
        self.drift.remove(&OfNode::of(node));
    }

    /// There is no link to this node any more.
    pub(crate) fn forget_link(&self, node: &NodeName) {
        self.links.remove(&OfNode::of(node));
        self.leads.remove(&OfNode::of(node));
    }
}
