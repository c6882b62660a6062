//! Each request gets an id, a line in the log and a place in the counts. No query, body or header value is in them but the id.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing::Instrument;

use crate::app::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken from a proxy.
const LONGEST_ID: usize = 64;

/// Filled in by whoever finds out who asks.
#[derive(Clone, Debug, Default)]
struct ActorSlot(Arc<OnceLock<String>>);

/// Tells the log who asks, as the audit would name them.
pub(crate) fn note_actor(parts: &Parts, actor: &str) {
    if let Some(slot) = parts.extensions.get::<ActorSlot>() {
        // Who asks does not change within a request.
        let _ = slot.0.set(actor.to_owned());
    }
}

/// Gives the request its id, and logs and counts it when its answer begins.
pub(super) async fn seen(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = id(request.headers().get(REQUEST_ID));
    let method = named(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let actor = ActorSlot::default();
    request.extensions_mut().insert(actor.clone());
    let span = tracing::info_span!("request", id = %id.to_str().unwrap_or_default());
    let mut answer = next.run(request).instrument(span.clone()).await;
    let (status, took) = (answer.status(), begun.elapsed());
    app.metrics().http().count(method, &route, status.as_u16(), took);
    span.in_scope(|| {
        let actor = actor.0.get().map_or("nobody", String::as_str);
        let milliseconds = took.as_secs_f64() * 1000.0;
        if status.is_server_error() {
            tracing::warn!(method, route, status = status.as_u16(), milliseconds, actor, "answered");
        } else {
            tracing::info!(method, route, status = status.as_u16(), milliseconds, actor, "answered");
        }
    });
    answer.headers_mut().insert(REQUEST_ID, id);
    answer
}

/// The id that a proxy gave, when it is one; else a new one.
fn id(given: Option<&HeaderValue>) -> HeaderValue {
    let is_id = |text: &str| {
        (1..=LONGEST_ID).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    if let Some(given) = given.filter(|given| given.to_str().is_ok_and(is_id)) {
        return given.clone();
    }
    let mut bytes = [0_u8; 8];
    // Without randomness the id tells nothing, which harms nobody.
    let _ = getrandom::fill(&mut bytes);
    let text = format!("{:016x}", u64::from_be_bytes(bytes));
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("none"))
}

/// The method as a label: what clients make up does not become one.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

/// Requests, by route: never by path, which names people.
#[derive(Debug, Clone)]
pub(crate) struct HttpMetrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram>,
}

impl HttpMetrics {
    /// Registers both.
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            // 1 ms to 8 s.
            seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 14))),
        };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "http_request_seconds",
            "Time until a request's answer began",
            metrics.seconds.clone(),
        );
        metrics
    }

    fn count(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.seconds
            .get_or_create(&Asked {
                method,
                route: route.clone(),
            })
            .observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, route, status }).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_when_it_can_do_no_harm() {
        let given = HeaderValue::from_static("abc-1_2.3");
        assert_eq!(id(Some(&given)), given);
        for odd in ["", "a b", "x=1", "\u{e9}", &"x".repeat(65)] {
            let odd = HeaderValue::from_bytes(odd.as_bytes()).unwrap();
            assert_ne!(id(Some(&odd)), odd);
        }
        assert_ne!(id(None), id(None));
    }
}
