use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use peerage_model::Number;

/// Whose page is connected right now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presence(Arc<Mutex<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    /// How many pages of whom.
    open: HashMap<Number, usize>,
    /// Whose pages were connected since this was last asked.
    seen: BTreeSet<Number>,
}

impl Presence {
    /// A page of this agent is connected, for as long as the guard lives.
    pub(crate) fn enter(&self, agent: Number) -> Present {
        let mut pages = self.pages();
        *pages.open.entry(agent.clone()).or_default() += 1;
        pages.seen.insert(agent.clone());
        drop(pages);
        Present {
            presence: self.clone(),
            agent,
        }
    }

    /// Whose pages have been connected since this was last asked, be it for a moment.
    pub(crate) fn seen(&self) -> Vec<Number> {
        let mut pages = self.pages();
        let open = pages.open.keys().cloned().collect();
        std::mem::replace(&mut pages.seen, open).into_iter().collect()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A page that is connected.
#[derive(Debug)]
#[must_use = "the page is gone when this is dropped"]
pub(crate) struct Present {
    presence: Presence,
    agent: Number,
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut pages = self.presence.pages();
        if let Some(open) = pages.open.get_mut(&self.agent) {
            *open = open.saturating_sub(1);
            if *open == 0 {
                pages.open.remove(&self.agent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_seen_while_a_page_is_open_and_once_after_the_last_has_gone() {
        let presence = Presence::default();
        let ada: Number = "1001".parse().unwrap();
        let seen = [ada.clone()];
        assert_eq!(presence.seen(), []);
        let one = presence.enter(ada.clone());
        let other = presence.enter(ada.clone());
        assert_eq!(presence.seen(), seen);
        drop(one);
        assert_eq!(presence.seen(), seen);
        drop(other);
        assert_eq!(presence.seen(), seen, "since the last time");
        assert_eq!(presence.seen(), []);
        drop(presence.enter(ada));
        assert_eq!(presence.seen(), seen, "for a moment");
    }
}
