//! Each request gets an id, a line in the log and a place in the counts. No query, body or header value is in them but the id.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::app::App;
use crate::auth::{ActorSlot, ClientAddress};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken from a proxy.
const LONGEST_ID: usize = 64;

/// Gives the request its id, and logs and counts it when its answer begins.
pub(super) async fn seen(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    mut request: Request,
    next: Next,
) -> Response {
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
        let actor = actor.get().unwrap_or("nobody");
        let milliseconds = took.as_secs_f64() * 1000.0;
        if status.is_server_error() {
            tracing::warn!(method, route, status = status.as_u16(), milliseconds, actor, %address, "answered");
        } else {
            tracing::info!(method, route, status = status.as_u16(), milliseconds, actor, %address, "answered");
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
