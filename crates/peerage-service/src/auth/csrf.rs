//! That a change is asked for by our own pages.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::iter;
use sha2::{Digest, Sha256};

use super::cookie;
use crate::app::App;
use crate::problem::Problem;

/// Where scripts put it.
const HEADER: &str = "x-csrf-token";
/// Where forms put it; in a form of several parts it must come first.
const FIELD: &str = "csrf";

/// Where people and programs sign in. A cookie that holds no more, of which nothing can tell the token, must not keep them out;
/// without a cookie there is no token either.
const SIGN_IN: [&str; 2] = ["/sign-in", "/api/v1/sign-in"];

/// Most bytes of a form.
const FORM: usize = 256 * 1024;
/// Within so many bytes the first part of a form ends: a boundary, the part's headers, an empty line and the token are far
/// shorter.
const HEAD: usize = 1024;

/// What the forms of a session carry. It is made of the cookie, so nothing needs to be kept, and tells nothing about it.
pub(super) fn of(token: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(format!("csrf {token}")) {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(half.into(), 16));
        }
    }
    hex
}

/// Refuses what would change something and comes from another site's page, or does not show the session's CSRF token.
pub(crate) async fn csrf_layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A program's token is sent by that program alone.
    if safe || request.headers().contains_key(AUTHORIZATION) {
        return next.run(request).await;
    }
    if is_foreign(request.headers()) {
        return refused("the request comes from another site").into_response();
    }
    if SIGN_IN.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Some(token) = cookie::token(request.headers(), app.settings().https) else {
        return next.run(request).await;
    };
    match carried(request).await {
        Ok((Some(given), request)) if is_same(&given, &of(&token)) => next.run(request).await,
        Ok(_) => refused("the form has no valid CSRF token").into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn refused(message: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "csrf", message).hint("reload the page and try again")
}

/// Whether the browser says that another site made it ask.
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    // Older browsers.
    match (text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, place)| place != host),
        _ => false,
    }
}

/// The token that the request carries, and the request as it was.
async fn carried(request: Request) -> Result<(Option<String>, Request), Problem> {
    if let Some(header) = request.headers().get(HEADER) {
        let given = header.to_str().ok().map(str::to_owned);
        return Ok((given, request));
    }
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, FORM).await.map_err(|_too_long| {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("the form is larger than {FORM} bytes"),
            )
            .hint("send less data")
        })?;
        let given = in_form(&bytes);
        Ok((given, Request::from_parts(parts, Body::from(bytes))))
    } else if kind.starts_with("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let (head, body) = head_of(body).await;
        Ok((in_parts(&head), Request::from_parts(parts, body)))
    } else {
        Ok((None, request))
    }
}

/// The first bytes of a body, and the body as it was. A file is never gathered here: nobody knows yet who sends it.
async fn head_of(body: Body) -> (Bytes, Body) {
    let mut chunks = body.into_data_stream();
    let mut head = Vec::new();
    let mut seen = Vec::new();
    while head.len() < HEAD {
        let Some(chunk) = chunks.next().await else { break };
        if let Ok(bytes) = &chunk {
            head.extend_from_slice(bytes);
        }
        let failed = chunk.is_err();
        seen.push(chunk);
        if failed {
            break;
        }
    }
    (head.into(), Body::from_stream(iter(seen).chain(chunks)))
}

/// In `csrf=...&other=...`, anywhere. The token is hexadecimal, so that nothing of it is ever encoded.
fn in_form(body: &Bytes) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    text.split('&')
        .find_map(|pair| pair.strip_prefix(FIELD)?.strip_prefix('='))
        .map(str::to_owned)
}

/// In the first part.
fn in_parts(body: &Bytes) -> Option<String> {
    let text = String::from_utf8_lossy(body.get(..body.len().min(HEAD))?);
    let (headers, rest) = text.split_once("\r\n\r\n")?;
    if !headers.contains(&format!("name=\"{FIELD}\"")) {
        return None;
    }
    rest.split("\r\n").next().map(str::to_owned)
}

/// Compares without telling by the time it takes how much is right.
fn is_same(given: &str, wanted: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn another_sites_page_is_told_by_what_the_browser_says() {
        for (foreign, said) in [
            (false, &[][..]),
            (false, &[("sec-fetch-site", "same-origin")]),
            (false, &[("sec-fetch-site", "none")]),
            (true, &[("sec-fetch-site", "cross-site")]),
            (true, &[("sec-fetch-site", "same-site")]),
            (false, &[("origin", "http://a:1"), ("host", "a:1")]),
            (true, &[("origin", "http://b"), ("host", "a:1")]),
            (true, &[("origin", "null"), ("host", "a:1")]),
        ] {
            assert_eq!(is_foreign(&headers(said)), foreign, "{said:?}");
        }
    }

    #[test]
    fn the_token_is_found_in_a_form() {
        let find = |text: &'static str| in_form(&Bytes::from_static(text.as_bytes()));
        assert_eq!(find("csrf=ab&x=1").as_deref(), Some("ab"));
        assert_eq!(find("x=1&csrf=ab").as_deref(), Some("ab"));
        assert_eq!(find("xcsrf=ab&csrfx=1"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn the_token_is_the_first_of_several_parts() {
        let parts = |first: &str| {
            Bytes::from(format!(
                "--b\r\nContent-Disposition: form-data; name=\"{first}\"\r\n\r\nab\r\n--b\r\n\r\nx\r\n--b--"
            ))
        };
        assert_eq!(in_parts(&parts("csrf")).as_deref(), Some("ab"));
        assert_eq!(in_parts(&parts("file")), None);
        assert_eq!(in_parts(&Bytes::new()), None);
    }

    #[tokio::test]
    async fn a_file_is_passed_on_as_it_comes_and_whole() {
        for chunks in [vec![], vec!["ab"], vec!["ab", "cd"], vec!["x"; 5000]] {
            let whole = chunks.concat();
            let stream = iter(chunks).map(Ok::<_, std::convert::Infallible>);
            let (head, body) = head_of(Body::from_stream(stream)).await;
            assert!(whole.as_bytes().starts_with(&head) && head.len() >= whole.len().min(HEAD));
            assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), whole);
        }
        let endless = Body::from_stream(iter(std::iter::repeat("x")).map(Ok::<_, std::convert::Infallible>));
        assert_eq!(head_of(endless).await.0.len(), HEAD);
    }

    #[test]
    fn each_session_has_a_token_of_its_own_that_does_not_show_the_cookie() {
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_eq!(of("a").len(), 64);
    }
}
