//! Where a request comes from: the connection's address, or what a trusted proxy says.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{FORWARDED, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use peerage_store::Origin;

use super::cookie;
use crate::app::App;
use crate::problem::Problem;
use crate::{ForwardedHeader, TrustedProxies};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Notes in the request where it comes from.
pub(crate) async fn client_layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let settings = app.settings();
    match resolve(
        peer,
        request.headers(),
        &settings.trusted_proxies,
        settings.forwarded_header,
    ) {
        Ok(address) => {
            request.extensions_mut().insert(ClientAddress(address));
            next.run(request).await
        }
        Err(Disagree) => {
            tracing::warn!(
                %peer,
                "a request has both Forwarded and X-Forwarded-For, which disagree; the setting forwarded_header says which to take"
            );
            Problem::new(
                StatusCode::BAD_REQUEST,
                "bad_forwarding",
                "the headers Forwarded and X-Forwarded-For name different addresses",
            )
            .hint("send neither header; the proxy sets the client's address")
            .into_response()
        }
    }
}

/// One of both headers is forged, and nobody can tell which.
#[derive(Debug, PartialEq, Eq)]
struct Disagree;

/// The address from which a request comes that arrived from `peer`.
fn resolve(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &TrustedProxies,
    header: ForwardedHeader,
) -> Result<IpAddr, Disagree> {
    let peer = peer.to_canonical();
    if !trusted.contains(peer) {
        return Ok(peer);
    }
    let walk = |name: HeaderName, read: fn(&str) -> Option<IpAddr>| {
        let hops = hops(headers, &name);
        (!hops.is_empty()).then(|| walk_back(peer, &hops, trusted, read))
    };
    let x_forwarded_for = || walk(X_FORWARDED_FOR, address_of);
    let forwarded = || walk(FORWARDED, for_of);
    let found = match header {
        ForwardedHeader::XForwardedFor => x_forwarded_for(),
        ForwardedHeader::Forwarded => forwarded(),
        ForwardedHeader::Either => match (x_forwarded_for(), forwarded()) {
            (Some(one), Some(other)) if one != other => return Err(Disagree),
            (one, other) => one.or(other),
        },
    };
    Ok(found.unwrap_or(peer))
}

/// The hops that a header names, all its lines together, the nearest last. A hop with bytes that are no text cannot be read; the others of
/// its line can.
fn hops(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| split(&String::from_utf8_lossy(line.as_bytes()), ',', *name == FORWARDED))
        .filter(|hop| !hop.is_empty())
        .collect()
}

/// From the nearest hop back, past trusted ones: each names the one before it. A hop that cannot be read ends the way: the address is then
/// the last one that a trusted hop vouched for.
fn walk_back(peer: IpAddr, hops: &[String], trusted: &TrustedProxies, read: fn(&str) -> Option<IpAddr>) -> IpAddr {
    let mut address = peer;
    for hop in hops.iter().rev() {
        let Some(named) = read(hop) else { return address };
        address = named.to_canonical();
        if !trusted.contains(address) {
            return address;
        }
    }
    address
}

/// Parts of a text, without the blanks around them. Where texts may be quoted (RFC 7239, and not `X-Forwarded-For`), a separator within
/// quotation marks is none. A mark that is never closed opens nothing, nor does any beside a backslash: else a client could swallow what
/// its proxy adds after it.
fn split(text: &str, separator: char, may_be_quoted: bool) -> Vec<String> {
    let has_quotes = may_be_quoted && !text.contains('\\') && text.matches('"').count().is_multiple_of(2);
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for sign in text.chars() {
        if sign == separator && !is_quoted {
            parts.push(String::new());
            continue;
        }
        is_quoted ^= has_quotes && sign == '"';
        if let Some(part) = parts.last_mut() {
            part.push(sign);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inside.parse().ok();
    }
    text.parse::<SocketAddr>().ok().map(|socket| socket.ip())
}

/// The `for` of `for=192.0.2.1;proto=https`, quoted or not.
fn for_of(hop: &str) -> Option<IpAddr> {
    let pairs = split(hop, ';', true);
    let mut named = pairs.iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().to_owned())
    });
    let value = named.next()?;
    // Two of them say nothing.
    if named.next().is_some() {
        return None;
    }
    address_of(
        value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(&value),
    )
}

impl ClientAddress {
    /// Where the request of these parts comes from.
    pub(crate) fn of(parts: &Parts) -> Self {
        let noted = parts.extensions.get::<Self>().copied();
        noted.unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

/// Who wants to sign in: where from, with which browser, and whether it was here before.
#[derive(Clone, Debug)]
pub(crate) struct Visitor(pub(crate) Origin);

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(Origin {
            address: Some(ClientAddress::of(parts).0),
            device: cookie::device(&parts.headers, app.settings().https),
            user_agent: agent.map(str::to_owned),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, lines: &[(&'static str, &str)]) -> Result<String, Disagree> {
        from_by(peer, lines, ForwardedHeader::Either)
    }

    fn from_by(peer: &str, lines: &[(&'static str, &str)], header: ForwardedHeader) -> Result<String, Disagree> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted = "10.0.0.0/8, ::1".parse().unwrap();
        resolve(peer.parse().unwrap(), &headers, &trusted, header).map(|address| address.to_string())
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        for (peer, lines, address) in [
            ("192.0.2.9", &[("x-forwarded-for", "198.51.100.1")][..], "192.0.2.9"),
            ("192.0.2.9", &[("forwarded", "for=198.51.100.1")], "192.0.2.9"),
            ("10.0.0.1", &[("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            // What the client made up stands left of what the proxy added.
            (
                "10.0.0.1",
                &[("x-forwarded-for", "1.1.1.1, 198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.1")],
                "198.51.100.1",
            ),
            (
                "10.0.0.1",
                &[("x-forwarded-for", "1.1.1.1, 198.51.100.1, 10.9.9.9, ::1")],
                "198.51.100.1",
            ),
            ("10.0.0.1", &[("x-forwarded-for", "10.1.1.1, 10.2.2.2")], "10.1.1.1"),
            (
                "::ffff:10.0.0.1",
                &[("x-forwarded-for", "::ffff:198.51.100.1")],
                "198.51.100.1",
            ),
        ] {
            assert_eq!(from(peer, lines).as_deref(), Ok(address), "{peer} {lines:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_way_at_the_last_address_vouched_for() {
        for garbage in [
            "garbage",
            "unknown",
            "_hidden",
            "1.2.3",
            "\u{e9}",
            "1.2.3.4:x",
            "[::1",
            "300.1.1.1",
            "<script>",
            "a b",
            "\"",
            "\"x",
        ] {
            let lines = [("x-forwarded-for", format!("1.1.1.1, {garbage}"))];
            let lines = [(lines[0].0, lines[0].1.as_str())];
            assert_eq!(from("10.0.0.1", &lines).as_deref(), Ok("10.0.0.1"), "{garbage}");
            let lines = [("x-forwarded-for", format!("{garbage}, 198.51.100.1"))];
            let lines = [(lines[0].0, lines[0].1.as_str())];
            assert_eq!(from("10.0.0.1", &lines).as_deref(), Ok("198.51.100.1"), "{garbage}");
        }
    }

    #[test]
    fn ports_brackets_and_quotation_marks_are_no_part_of_the_address() {
        for (text, address) in [
            ("198.51.100.1:4711", "198.51.100.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
        ] {
            assert_eq!(
                from("10.0.0.1", &[("x-forwarded-for", text)]).as_deref(),
                Ok(address),
                "{text}"
            );
            let quoted = format!("for=\"{text}\";proto=https;by=10.0.0.1");
            assert_eq!(
                from("::1", &[("forwarded", &quoted)]).as_deref(),
                Ok(address),
                "{quoted}"
            );
        }
        for (text, address) in [
            ("For=198.51.100.1; proto=http", "198.51.100.1"),
            ("for=1.1.1.1, for=198.51.100.1", "198.51.100.1"),
            ("for=\"1.1.1.1, for=2.2.2.2\", for=198.51.100.1", "198.51.100.1"),
            ("for=\"\\\",for=1.1.1.1\"", "10.0.0.1"),
            ("for=1.1.1.1;for=2.2.2.2", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
            ("for=_secret", "10.0.0.1"),
        ] {
            assert_eq!(
                from("10.0.0.1", &[("forwarded", text)]).as_deref(),
                Ok(address),
                "{text}"
            );
        }
    }

    #[test]
    fn two_headers_that_disagree_are_refused_unless_it_is_said_which_counts() {
        let both = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=1.1.1.1")];
        assert_eq!(from("10.0.0.1", &both), Err(Disagree));
        assert_eq!(from("192.0.2.9", &both).as_deref(), Ok("192.0.2.9"));
        let agree = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")];
        assert_eq!(from("10.0.0.1", &agree).as_deref(), Ok("198.51.100.1"));
        let by = |header| from_by("10.0.0.1", &both, header).unwrap();
        assert_eq!(by(ForwardedHeader::XForwardedFor), "198.51.100.1");
        assert_eq!(by(ForwardedHeader::Forwarded), "1.1.1.1");
    }
}
