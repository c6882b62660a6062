//! The cookies of a browser: the one that it is signed in by, and the one that it is known again by.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::CookieJar;

/// Over plain HTTP.
const PLAIN: &str = "peerage";
/// Over HTTPS: the prefix makes browsers refuse one that another host, or plain HTTP, would set.
const SECURE: &str = "__Host-peerage";

/// The cookie by which a browser is known again, and has an allowance of failures of its own. It lets nobody in.
const PLAIN_DEVICE: &str = "peerage-device";
const SECURE_DEVICE: &str = "__Host-peerage-device";

/// The name of the cookie that a browser is signed in by.
pub(super) fn name(https: bool) -> &'static str {
    if https { SECURE } else { PLAIN }
}

/// The cookie's value; none when there is no such cookie.
pub(super) fn token(headers: &HeaderMap, https: bool) -> Option<String> {
    value(headers, name(https))
}

/// What a browser shows to be known again.
pub(super) fn device(headers: &HeaderMap, https: bool) -> Option<String> {
    value(headers, device_name(https))
}

/// The name of the cookie that a browser is known again by.
pub(super) fn device_name(https: bool) -> &'static str {
    if https { SECURE_DEVICE } else { PLAIN_DEVICE }
}

fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(name)?.value();
    // What is longer is none of ours.
    (!value.is_empty() && value.len() <= 200).then(|| value.to_owned())
}
