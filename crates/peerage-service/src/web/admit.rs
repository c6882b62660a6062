//! Which requests are looked at: those that name one host, of an address that does not ask too much.

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::auth::ClientAddress;
use crate::problem::Problem;

/// Refuses the others.
pub(super) async fn admit(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    if !names_its_host(request.version(), request.headers()) {
        return Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_host",
            "the request must have exactly one Host header, with a host name and an optional port",
        )
        .into_response();
    }
    match app.traffic().request_from(address) {
        Ok(()) => next.run(request).await,
        Err(wait) => Problem::too_many("too many requests from this address", wait).into_response(),
    }
}

/// RFC 9112 section 3.2: one, which is a host; before HTTP/1.1 there may be none.
fn names_its_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(_), Some(_)) => false,
        // Empty where the target has no host.
        (Some(host), None) if host.is_empty() => true,
        (Some(host), None) => {
            let read = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            read.is_some_and(|host| !host.as_str().contains('@'))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_request_names_one_host() {
        let named = |hosts: &[&str], version| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
            }
            names_its_host(version, &headers)
        };
        for good in ["example.com", "example.com:8080", "127.0.0.1:1", "[::1]:8080", ""] {
            assert!(named(&[good], Version::HTTP_11), "{good}");
        }
        for bad in ["a b", "a, b", "a@b", "a/b", "\u{e9}", "a:b:c"] {
            assert!(!named(&[bad], Version::HTTP_11), "{bad}");
        }
        assert!(!named(&["a", "a"], Version::HTTP_11));
        assert!(!named(&["a", "b"], Version::HTTP_10));
        assert!(!named(&[], Version::HTTP_11));
        assert!(named(&[], Version::HTTP_10));
    }
}
