use std::sync::{Arc, OnceLock};

use axum::http::request::Parts;

/// A place in the request where it is noted who asks, for the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActorSlot(Arc<OnceLock<String>>);

impl ActorSlot {
    /// Who asks, as the audit would name them; none as long as nobody wanted to know.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

/// Notes who asks, if there is a place for it.
pub(super) fn note(parts: &Parts, actor: &str) {
    if let Some(slot) = parts.extensions.get::<ActorSlot>() {
        // Who asks does not change within a request.
        let _ = slot.0.set(actor.to_owned());
    }
}
