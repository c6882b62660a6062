//! Signing a browser in and out.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use peerage_store::{Seen, SignInEnd, SignInError};

use super::{SignedIn, Visitor, cookie, csrf};
use crate::app::App;
use crate::problem::Problem;

/// Most characters of a name in the log.
const SHOWN: usize = 64;

/// By which way somebody signs in, for the log.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entrance {
    Console,
    Api,
}

/// Signs a browser in: the cookies are added to the jar. A failure is one line in the log, which programs read (`contrib/fail2ban`).
///
/// # Errors
///
/// `wrong_password`, `locked`, `disabled`, and what the database says.
pub(crate) async fn sign_in(
    app: &App,
    jar: CookieJar,
    entrance: Entrance,
    username: &str,
    password: String,
    Visitor(origin): Visitor,
) -> Result<(CookieJar, SignedIn), Problem> {
    let address = origin.address;
    let given = username.to_owned();
    let new = app
        .db(move |store| store.sign_in_as(&given, &password, &origin))
        .await
        .map_err(|error| {
            log(&error, address, entrance, username);
            refused(&error)
        })?;
    let https = app.settings().https;
    let built = |name: &'static str, value: &peerage_model::Secret| {
        Cookie::build((name, value.expose().to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(https)
    };
    let session = built(cookie::name(https), &new.token);
    let device = built(cookie::device_name(https), &new.device).permanent();
    let who = SignedIn::of(new.holder, csrf::of(new.token.expose()), address);
    Ok((jar.add(session).add(device), who))
}

/// One line, whose text and order stay: the address stands before what the client chose, which is escaped and cut.
fn log(error: &SignInError, address: Option<IpAddr>, entrance: Entrance, username: &str) {
    let reason = match error {
        SignInError::Wrong => "wrong",
        SignInError::Throttled(_) => "throttled",
        SignInError::Disabled => "disabled",
        SignInError::Store(_) => return,
    };
    let via = match entrance {
        Entrance::Console => "console",
        Entrance::Api => "api",
    };
    let address = address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
    let user: String = username.chars().take(SHOWN).collect();
    tracing::warn!(target: "peerage::sign_in", "sign-in failed: address={address} via={via} reason={reason} user={user:?}");
}

/// Signs a browser out: the cookie is taken out of the jar.
///
/// # Errors
///
/// What the database says; the browser is then still signed in.
pub(crate) async fn sign_out(app: &App, jar: CookieJar) -> Result<CookieJar, Problem> {
    let name = cookie::name(app.settings().https);
    let Some(token) = jar.get(name).map(|session| session.value().to_owned()) else {
        return Ok(jar);
    };
    app.db(move |store| store.sign_out(&token)).await?;
    Ok(jar.remove(Cookie::build(name).path("/")))
}

/// Why a browser's cookie holds no more; none when it holds, or nobody knows it.
///
/// # Errors
///
/// What the database says.
pub(crate) async fn ended_because(app: &App, headers: &HeaderMap) -> Result<Option<SignInEnd>, Problem> {
    let Some(token) = cookie::token(headers, app.settings().https) else {
        return Ok(None);
    };
    let idle = app.settings().idle_sign_in;
    let seen = app.db(move |store| store.signed_in(&token, idle)).await?;
    Ok(match seen {
        Seen::Ended(why) => Some(why),
        Seen::In(_) | Seen::Unknown => None,
    })
}

/// A refused sign-in as a problem.
pub(crate) fn refused(error: &SignInError) -> Problem {
    match error {
        SignInError::Wrong => Problem::new(StatusCode::UNAUTHORIZED, "wrong_password", error.to_string())
            .hint("after five failures you have to wait before the next attempt, longer each time"),
        SignInError::Throttled(wait) => {
            let minutes = wait.as_secs().div_ceil(60).max(1);
            let minutes = if minutes == 1 {
                "a minute".to_owned()
            } else {
                format!("{minutes} minutes")
            };
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", error.to_string())
                .hint(format!(
                    "try again in {minutes}, or in a browser in which you signed in before; an administrator can unlock the user"
                ))
                .retry_after(*wait)
        }
        SignInError::Disabled => Problem::new(StatusCode::FORBIDDEN, "disabled", error.to_string())
            .hint("ask an administrator to enable your user"),
        SignInError::Store(error) => error.clone().into(),
    }
}
