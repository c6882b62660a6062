//! What Prometheus reads: names begin with `peerage_`, labels are ids, never names of people.

use peerage_model::NodeName;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    listening: Gauge,
    links: Family<OfNode, Gauge>,
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
        Self {
            registry,
            listening,
            links,
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
}
