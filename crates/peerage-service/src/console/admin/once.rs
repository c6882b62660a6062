//! What is done once, however often it is asked for, and what is shown once.
//!
//! A form that makes something carries a number drawn for it. Who sends it twice, by a double click or by loading the answer again, gets
//! the outcome of the first time. Secrets that were made wait in memory for their page to be fetched, once, for a few minutes; they are
//! never in a cookie, an address or a log.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::response::Response;
use maud::{Markup, html};
use peerage_model::Secret;
use peerage_store::StoreError;

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::done;

/// The field of the form.
const FIELD: &str = "once";

/// How long an outcome is known, and a secret waits.
const KEPT: Duration = Duration::from_secs(600);

/// Most outcomes kept; then the oldest goes first.
const MOST: usize = 1_000;

/// The outcomes of forms that were sent.
#[derive(Default)]
pub(crate) struct Once(Mutex<HashMap<String, Slot>>);

type Shared = Arc<tokio::sync::Mutex<Option<Outcome>>>;

struct Slot {
    since: Instant,
    outcome: Shared,
}

/// What came of a form.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Go there, and say this.
    Go { to: String, notice: String },
    /// Show this once.
    Show(Arc<Shown>),
}

/// What is shown once.
#[derive(Debug)]
pub(super) struct Shown {
    /// What was done: a sentence.
    pub(super) title: String,
    /// Each secret with what it is.
    pub(super) secrets: Vec<(String, Secret)>,
    /// Where one goes from there.
    pub(super) back: String,
}

impl Outcome {
    pub(super) fn go(to: impl Into<String>, notice: impl Into<String>) -> Self {
        Self::Go {
            to: to.into(),
            notice: notice.into(),
        }
    }

    pub(super) fn show(title: impl Into<String>, secrets: Vec<(String, Secret)>, back: impl Into<String>) -> Self {
        Self::Show(Arc::new(Shown {
            title: title.into(),
            secrets,
            back: back.into(),
        }))
    }
}

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

impl Once {
    fn known(&self, key: &str, owner: &str) -> Option<Shared> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| slot.since.elapsed() < KEPT);
        slots
            .get(&format!("{owner} {key}"))
            .map(|slot| Arc::clone(&slot.outcome))
    }

    fn slot(&self, key: &str, owner: &str) -> Shared {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| slot.since.elapsed() < KEPT);
        // Somebody else's number, however it was learnt, is none of theirs.
        let key = format!("{owner} {key}");
        if slots.len() >= MOST && !slots.contains_key(&key) {
            let oldest = slots
                .iter()
                .min_by_key(|(_, slot)| slot.since)
                .map(|(key, _)| key.clone());
            oldest.map(|key| slots.remove(&key));
        }
        let slot = slots.entry(key).or_insert_with(|| Slot {
            since: Instant::now(),
            outcome: Shared::default(),
        });
        Arc::clone(&slot.outcome)
    }

    /// What is to be shown, this once: after that the form's outcome is only that it was done.
    pub(super) async fn take(&self, key: &str, owner: &str) -> Option<Arc<Shown>> {
        let known = self.known(key, owner)?;
        let mut outcome = known.lock().await;
        match outcome.take() {
            Some(Outcome::Show(shown)) => {
                *outcome = Some(Outcome::go(shown.back.clone(), ""));
                Some(shown)
            }
            other => {
                *outcome = other;
                None
            }
        }
    }
}
