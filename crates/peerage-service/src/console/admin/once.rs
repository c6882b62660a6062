//! What is done once, however often it is asked for, and what is shown once.
//!
//! A form that makes something carries a number drawn for it. Who sends it twice, by a double click or by loading the answer again, gets
//! the outcome of the first time. Secrets that were made wait in memory for their page to be fetched, once, for a few minutes; they are
//! never in a cookie, an address or a log.

use std::future::Future;

use axum::response::Response;
use maud::{Markup, html};
use peerage_model::Secret;
use peerage_store::StoreError;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::done;
use crate::memory::Outcome;

/// The field of the form.
const FIELD: &str = "once";

/// The number that a form carries.
pub(super) fn mark() -> Result<Markup, StoreError> {
    let number = Secret::generate()?;
    Ok(html! { input type="hidden" name=(FIELD) value=(number.expose()); })
}

/// Does what a form asks for, unless that was done already; the answer in any case. It is done to its end even if the browser goes away.
pub(super) async fn once<E>(
    app: &App,
    user: &SignedIn,
    fields: &crate::console::shell::Fields,
    work: impl Future<Output = Result<Outcome, E>> + Send + 'static,
) -> Result<Response, E>
where
    E: From<StoreError> + Send + 'static,
{
    let key = match fields.get(FIELD) {
        Some(key) if key.len() <= 64 => key.to_owned(),
        _ => Secret::generate().map_err(StoreError::from)?.expose().to_owned(),
    };
    let shared = app.once().slot(&key, &user.name());
    let task = tokio::spawn(async move {
        let mut outcome = shared.lock_owned().await;
        if let Some(known) = &*outcome {
            return Ok(known.clone());
        }
        let new = work.await;
        if let Ok(new) = &new {
            *outcome = Some(new.clone());
        }
        new
    });
    let outcome = match task.await {
        Ok(outcome) => outcome?,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends, and with it the connection.
            Err(_cancelled) => return Ok(done("/", "")),
        },
    };
    Ok(match outcome {
        Outcome::Go { to, notice } => done(&to, notice),
        Outcome::Show(_) => done(&format!("/admin/shown/{key}"), ""),
    })
}
