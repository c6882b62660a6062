use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{PauseReason, QueueName};

/// A pause that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Its reason as written; `None` when none was given.
    pub reason: Option<PauseReason>,
    /// Who paused.
    pub by: String,
    /// Whether somebody else than the agent did.
    pub forced: bool,
    /// When the agent paused.
    pub since: Timestamp,
}

/// What a session is, apart from calls and devices: at each instant exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionState {
    /// Takes calls of every queue it is in.
    Available,
    /// Takes none. The reason as written; `None` when none was given or the queues differ.
    Paused(Option<PauseReason>),
    /// Takes calls of some of its queues.
    PartlyPaused,
}

impl SessionState {
    /// The word that is stored, without the reason: `available`, `paused` or `partly_paused`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Paused(_) => "paused",
            Self::PartlyPaused => "partly_paused",
        }
    }
}

/// The pauses of a session: of all queues, and of single ones.
///
/// The transitions are those of the functions `peerage.pause` and `peerage.unpause`, which write
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pauses {
    /// The pause of all queues. A queue joined under it is paused too.
    pub all: Option<Pause>,
    /// Pauses of single queues. Under a pause of all queues it is the later word on its queue.
    pub single: BTreeMap<QueueName, Pause>,
}

impl Pauses {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.single.is_empty()
    }

    /// The pause that counts for this queue.
    pub fn of(&self, queue: &QueueName) -> Option<&Pause> {
        self.single.get(queue).or(self.all.as_ref())
    }

    /// What a session in these queues is.
    pub fn state(&self, queues: &BTreeSet<QueueName>) -> SessionState {
        if let Some(all) = &self.all {
            return SessionState::Paused(all.reason.clone());
        }
        let paused: Vec<&Pause> = queues.iter().filter_map(|queue| self.single.get(queue)).collect();
        let Some(first) = paused.first() else {
            return SessionState::Available;
        };
        if paused.len() < queues.len() {
            return SessionState::PartlyPaused;
        }
        let alike = paused.iter().all(|pause| pause.reason == first.reason);
        SessionState::Paused(first.reason.clone().filter(|_| alike))
    }

    /// Pauses one queue, or all when it is `None`; tells whether that changed anything.
    ///
    /// Another reason replaces the pause that was. A pause of all queues takes the place of
    /// single ones.
    pub fn pause(&mut self, queue: Option<&QueueName>, pause: Pause) -> bool {
        if !self.would_change(queue, pause.reason.as_ref()) {
            return false;
        }
        match queue {
            Some(queue) => {
                self.single.insert(queue.clone(), pause);
            }
            None => {
                self.single.clear();
                self.all = Some(pause);
            }
        }
        true
    }

    /// Whether a pause for this reason would change anything.
    pub(super) fn would_change(&self, queue: Option<&QueueName>, reason: Option<&PauseReason>) -> bool {
        let counts = match queue {
            Some(queue) => self.of(queue),
            None => self.all.as_ref(),
        };
        counts.is_none_or(|pause| pause.reason.as_ref() != reason)
    }

    /// Ends the pause of one queue, or every pause when it is `None`; tells whether there was one.
    ///
    /// When the queue was paused by a pause of all, the others of `queues` stay paused, each for
    /// the same reason and since the same moment.
    pub fn unpause(&mut self, queue: Option<&QueueName>, queues: &BTreeSet<QueueName>) -> bool {
        let Some(queue) = queue else {
            return !std::mem::take(self).is_empty();
        };
        let kept = self.kept_without(queue, queues);
        let single = self.single.remove(queue);
        let all = self.all.take();
        self.single.extend(kept);
        single.is_some() || all.is_some()
    }

    /// The pauses of single queues that a pause of all leaves when this queue's ends.
    pub(super) fn kept_without(&self, queue: &QueueName, queues: &BTreeSet<QueueName>) -> Vec<(QueueName, Pause)> {
        let Some(all) = &self.all else {
            return Vec::new();
        };
        queues
            .iter()
            .filter(|other| *other != queue && !self.single.contains_key(*other))
            .map(|other| (other.clone(), all.clone()))
            .collect()
    }
}
