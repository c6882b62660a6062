//! What Prometheus reads: names begin with `peerage_`, labels are ids, never names of people.

use peerage_ami::Outcome;
use peerage_model::NodeName;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    listening: Gauge,
    links: Family<OfNode, Gauge>,
    drift: Family<OfNode, Gauge>,
    pause_orders: Family<OfOrder, Counter>,
}

/// Orders of a node with one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOrder {
    node: String,
    outcome: &'static str,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfNode {
    node: String,
}

impl OfNode {
    fn of(node: &NodeName) -> Self {
        Self { node: node.to_string() }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("peerage");
        let (listening, links) = (Gauge::default(), Family::default());
        let (drift, pause_orders) = (Family::default(), Family::default());
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
            "drift",
            "Members of queues that were otherwise at a node than in the database when last compared",
            drift.clone(),
        );
        registry.register(
            "pause_orders",
            "Orders to pause and unpause, by what became of them",
            pause_orders.clone(),
        );
        Self {
            registry,
            listening,
            links,
            drift,
            pause_orders,
        }
    }
}

impl Metrics {
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

    /// There is no link to this node any more.
    pub(crate) fn forget_link(&self, node: &NodeName) {
        self.links.remove(&OfNode::of(node));
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

    /// What became of an order to pause or unpause.
    pub(crate) fn pause_order(&self, node: &NodeName, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Done(_) => "done",
            Outcome::Refused(_) => "refused",
            Outcome::NotSent(_) => "not_sent",
            Outcome::Unknown(_) => "unknown",
        };
        let node = node.to_string();
        self.pause_orders.get_or_create_owned(&OfOrder { node, outcome }).inc();
    }
}
