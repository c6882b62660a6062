//! The cookie of a browser that is signed in.

use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use peerage_model::Username;
use peerage_store::{Origin, Seen, SignInEnd, SignInError};

use super::{SignedIn, csrf};
use crate::app::App;
use crate::problem::Problem;

/// Over plain HTTP.
const PLAIN: &str = "peerage";
/// Over HTTPS: the prefix makes browsers refuse one that another host, or plain HTTP, would set.
const SECURE: &str = "__Host-peerage";

fn name(https: bool) -> &'static str {
    if https { SECURE } else { PLAIN }
}

/// The cookie's value; none when there is no such cookie.
pub(super) fn token(headers: &HeaderMap, https: bool) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(name(https))?.value();
    // What is longer is none of ours.
    (!value.is_empty() && value.len() <= 200).then(|| value.to_owned())
}

/// Signs a browser in: the cookie is added to the jar.
///
/// # Errors
///
/// `wrong_password`, `locked`, `disabled`, and what the database says.
pub(crate) async fn sign_in(
    app: &App,
    jar: CookieJar,
    username: &str,
    password: String,
    origin: Origin,
) -> Result<(CookieJar, SignedIn), Problem> {
    // A name that nobody can have is answered as one that nobody has.
    let username = Username::try_from(username).map_err(|_invalid| refused(&SignInError::Wrong))?;
    let new = app
        .db(move |store| store.sign_in(&username, &password, &origin))
        .await
        .map_err(|error| refused(&error))?;
    let https = app.settings().https;
    let cookie = Cookie::build((name(https), new.token.expose().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https);
    let who = SignedIn::of(new.holder, csrf::of(new.token.expose()));
    Ok((jar.add(cookie), who))
}

/// Signs a browser out: the cookie is taken out of the jar.
///
/// # Errors
///
/// What the database says; the browser is then still signed in.
pub(crate) async fn sign_out(app: &App, jar: CookieJar) -> Result<CookieJar, Problem> {
    let name = name(app.settings().https);
    let Some(token) = jar.get(name).map(|cookie| cookie.value().to_owned()) else {
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
    let Some(token) = token(headers, app.settings().https) else {
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
            .hint("after five failures a user waits for a quarter of an hour; an administrator can unlock it"),
        SignInError::Locked(until) => {
            let until = until.strftime("%H:%M UTC");
            Problem::new(StatusCode::FORBIDDEN, "locked", format!("{error}, until {until}"))
                .hint("wait, or ask an administrator to unlock it")
        }
        SignInError::Disabled => {
            Problem::new(StatusCode::FORBIDDEN, "disabled", error.to_string()).hint("ask an administrator to enable it")
        }
        SignInError::Store(error) => error.clone().into(),
    }
}
