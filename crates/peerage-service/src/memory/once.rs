//! The outcomes of forms that were sent, and what waits to be shown once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use peerage_model::Secret;

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
pub(crate) enum Outcome {
    /// Go there, and say this.
    Go { to: String, notice: String },
    /// Show this once.
    Show(Arc<Shown>),
}

/// What is shown once.
#[derive(Debug)]
pub(crate) struct Shown {
    /// What was done: a sentence.
    pub(crate) title: String,
    /// Each secret with what it is.
    pub(crate) secrets: Vec<(String, Secret)>,
    /// Where one goes from there.
    pub(crate) back: String,
}

impl Outcome {
    pub(crate) fn go(to: impl Into<String>, notice: impl Into<String>) -> Self {
        Self::Go {
            to: to.into(),
            notice: notice.into(),
        }
    }

    pub(crate) fn show(title: impl Into<String>, secrets: Vec<(String, Secret)>, back: impl Into<String>) -> Self {
        Self::Show(Arc::new(Shown {
            title: title.into(),
            secrets,
            back: back.into(),
        }))
    }
}

impl Once {
    fn known(&self, key: &str, owner: &str) -> Option<Shared> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| slot.since.elapsed() < KEPT);
        slots
            .get(&format!("{owner} {key}"))
            .map(|slot| Arc::clone(&slot.outcome))
    }

    /// Where the outcome of a form of this number and sender is kept.
    pub(crate) fn slot(&self, key: &str, owner: &str) -> Shared {
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
    pub(crate) async fn take(&self, key: &str, owner: &str) -> Option<Arc<Shown>> {
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
