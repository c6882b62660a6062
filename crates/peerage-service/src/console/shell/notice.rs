//! A sentence that the next page shows once: it travels in a cookie.

use std::cell::Cell;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use maud::{Markup, html};

use crate::app::App;

const COOKIE: &str = "peerage_notice";

/// Longest sentence kept: browsers drop a cookie of more than 4 KiB.
const LONGEST: usize = 600;

/// Sent by the script when it fetches a part anew. The notice is for the page, so it stays for it.
const PART: HeaderName = HeaderName::from_static("x-peerage-part");

tokio::task_local! {
    static VISIT: Visit;
}

/// What the frame shows of the request, without each handler handing it on.
struct Visit {
    /// The notice, until it is shown.
    waiting: Cell<Option<String>>,
    /// The last event before anything was loaded: what comes later, the page asks for.
    event: String,
}

/// What an answer wants the next page to say.
#[derive(Clone)]
struct Notice(String);

/// After a success: go there, and say this.
pub(crate) fn done(to: &str, sentence: impl Into<String>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // A path that cannot be a header's value was made from what nobody checked; home is always right.
    let to = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    let sentence = sentence.into();
    if !sentence.is_empty() {
        response.extensions_mut().insert(Notice(sentence));
    }
    response
}

/// What waited to be said on this page.
pub(super) fn shown() -> Markup {
    let waiting = VISIT.try_with(|visit| visit.waiting.take()).ok().flatten();
    html! {
        div #notice role="status" { @if let Some(sentence) = waiting { p.notice { (sentence) } } }
    }
}

/// Up to which event the page knows everything.
pub(super) fn event() -> Option<String> {
    VISIT.try_with(|visit| visit.event.clone()).ok()
}

/// The layer that carries notices from one page to the next.
pub(crate) async fn notices(State(app): State<App>, request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let part = request.headers().contains_key(PART);
    let waiting = jar
        .get(COOKIE)
        .map(|cookie| cookie.value().to_owned())
        .filter(|_| !part);
    let waited = waiting.is_some();
    let visit = Visit {
        waiting: Cell::new(waiting),
        event: app.events().last(),
    };
    let (response, left) = VISIT
        .scope(visit, async {
            let response = next.run(request).await;
            (response, VISIT.with(|visit| visit.waiting.take()))
        })
        .await;
    if let Some(Notice(sentence)) = response.extensions().get::<Notice>().cloned() {
        let cut: String = sentence.chars().take(LONGEST).collect();
        return (CookieJar::new().add(cookie(cut, &app)), response).into_response();
    }
    if waited && left.is_none() {
        return (jar.remove(cookie(String::new(), &app)), response).into_response();
    }
    response
}

fn cookie(value: String, app: &App) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings().https)
        .build()
}
