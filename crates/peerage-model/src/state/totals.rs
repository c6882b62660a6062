use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{PauseReason, SessionState};

/// An interval of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// What the session was.
    pub state: SessionState,
    /// From when.
    pub from: Timestamp,
    /// Until when; `None` while it lasts.
    pub until: Option<Timestamp>,
}

/// How long agents were what, to the nanosecond: the parts add up to the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// The whole: time logged in.
    pub logged_in: SignedDuration,
    /// Time available.
    pub available: SignedDuration,
    /// Time paused, by reason; under `None`, without one.
    pub paused: BTreeMap<Option<PauseReason>, SignedDuration>,
    /// Time paused in some queues.
    pub partly_paused: SignedDuration,
}

impl Totals {
    /// Time paused, for whatever reason.
    pub fn paused_in_all(&self) -> SignedDuration {
        self.paused.values().sum()
    }
}

/// Adds up the part of a timeline that lies between `from` and `to`.
///
/// What lasts counts until `to`, which should therefore not lie in the future. An interval of no
/// length adds nothing, and no reason either; a window that ends before it begins is empty.
pub fn totals<'a>(timeline: impl IntoIterator<Item = &'a Stretch>, from: Timestamp, to: Timestamp) -> Totals {
    let mut sums = Totals::default();
    for stretch in timeline {
        let begin = stretch.from.max(from);
        let end = stretch.until.map_or(to, |until| until.min(to));
        if begin >= end {
            continue;
        }
        let length = end.duration_since(begin);
        sums.logged_in += length;
        match &stretch.state {
            SessionState::Available => sums.available += length,
            SessionState::Paused(reason) => *sums.paused.entry(reason.clone()).or_default() += length,
            SessionState::PartlyPaused => sums.partly_paused += length,
        }
    }
    sums
}
