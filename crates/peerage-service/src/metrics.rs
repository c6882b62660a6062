//! What Prometheus reads: names begin with `peerage_`, labels are ids, never names of people.

use prometheus_client::registry::Registry;

use crate::web::HttpMetrics;

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    http: HttpMetrics,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("peerage");
        let http = HttpMetrics::register(&mut registry);
        Self { registry, http }
    }
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
}
