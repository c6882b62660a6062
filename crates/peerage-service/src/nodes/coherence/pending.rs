//! What a node may still remember wrongly. Pure: no clock of its own, no network.

use std::collections::BTreeMap;
use std::time::Duration;

use peerage_model::Number;
use tokio::time::Instant;

use crate::memory::Which;

/// Most numbers forgotten at once, so that what comes meanwhile does not wait long.
const BATCH: usize = 32;
/// When what was forgotten is forgotten once more: a look-up that was under way at the change may have brought the old
/// state into the cache just after it was emptied of it.
const AGAIN: Duration = Duration::from_secs(2);
/// When what could not be done is tried again.
const LATER: Duration = Duration::from_secs(1);

/// Why a number is to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It was changed; since when that is known.
    Changed(Instant),
    /// To be sure.
    Again,
}

impl Why {
    /// The weightier of two: the earlier change.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Changed(one), Self::Changed(other)) => Self::Changed(one.min(other)),
            (changed @ Self::Changed(_), Self::Again) | (Self::Again, changed) => changed,
        }
    }
}

/// What is to be forgotten in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Batch {
    /// Whatever there is.
    All(Why),
    /// These.
    These(BTreeMap<Number, Why>),
}

/// What is to be forgotten.
#[derive(Debug, Default)]
pub(super) struct Pending {
    all: Option<Why>,
    numbers: BTreeMap<Number, Why>,
    /// What is to be forgotten then, in no order: it is little, or all.
    later: Vec<(Instant, Batch)>,
}

impl Pending {
    /// These were changed.
    pub(super) fn change(&mut self, which: &Which, now: Instant) {
        match which {
            Which::All => self.put(Batch::All(Why::Changed(now))),
            Which::These(numbers) => {
                let numbers = numbers.iter().map(|number| (number.clone(), Why::Changed(now)));
                self.put(Batch::These(numbers.collect()));
            }
        }
    }

    /// This was done: once more, to be sure.
    pub(super) fn done(&mut self, batch: Batch, now: Instant) {
        let changed = |why: &Why| matches!(why, Why::Changed(_));
        let again = match batch {
            Batch::All(why) if changed(&why) => Batch::All(Why::Again),
            Batch::All(_) => return,
            Batch::These(mut numbers) => {
                numbers.retain(|_, why| changed(why));
                if numbers.is_empty() {
                    return;
                }
                Batch::These(numbers.into_keys().map(|number| (number, Why::Again)).collect())
            }
        };
        self.later.push((now + AGAIN, again));
    }

    /// This could not be done, or nobody knows whether it was.
    pub(super) fn open(&mut self, batch: Batch, now: Instant) {
        self.later.push((now + LATER, batch));
    }

    /// The next to do at this moment, if there is any.
    pub(super) fn take(&mut self, now: Instant) -> Option<Batch> {
        let (due, later) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(when, _)| *when <= now);
        self.later = later;
        for (_, batch) in due {
            self.put(batch);
        }
        if let Some(why) = self.all.take() {
            self.numbers.clear();
            return Some(Batch::All(why));
        }
        let rest = match self.numbers.keys().nth(BATCH).cloned() {
            Some(first_of_rest) => self.numbers.split_off(&first_of_rest),
            None => BTreeMap::new(),
        };
        let batch = std::mem::replace(&mut self.numbers, rest);
        (!batch.is_empty()).then_some(Batch::These(batch))
    }

    /// When there is something to do without a further change; none: when something changes.
    pub(super) fn next(&self) -> Option<Instant> {
        self.later.iter().map(|(when, _)| *when).min()
    }

    fn put(&mut self, batch: Batch) {
        match batch {
            Batch::All(mut why) => {
                // Whoever waited among the numbers waits for all now.
                for one in std::mem::take(&mut self.numbers).into_values() {
                    why = why.or(one);
                }
                self.all = Some(self.all.map_or(why, |all| all.or(why)));
            }
            Batch::These(numbers) => {
                for (number, why) in numbers {
                    match &mut self.all {
                        Some(all) => *all = all.or(why),
                        None => {
                            let known = self.numbers.entry(number).or_insert(why);
                            *known = known.or(why);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn which(numbers: &[&str]) -> Which {
        Which::These(numbers.iter().map(|number| number.parse().unwrap()).collect())
    }

    fn these(numbers: &[&str], why: Why) -> Batch {
        Batch::These(numbers.iter().map(|number| (number.parse().unwrap(), why)).collect())
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_changed_is_forgotten_once_and_a_moment_later_once_more() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.change(&which(&["1001", "1002"]), now);
        pending.change(&which(&["1001"]), now + seconds(1));
        let batch = pending.take(now + seconds(1)).unwrap();
        assert_eq!(batch, these(&["1001", "1002"], Why::Changed(now)));
        pending.done(batch, now + seconds(1));
        assert_eq!(pending.take(now + seconds(1)), None);
        let when = pending.next().unwrap();
        let batch = pending.take(when).unwrap();
        assert_eq!(batch, these(&["1001", "1002"], Why::Again));
        pending.done(batch, when);
        assert_eq!((pending.next(), pending.take(when + seconds(99))), (None, None));
    }

    #[test]
    fn all_includes_each_and_waits_as_long_as_the_one_that_waits_longest() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.change(&which(&["1001"]), now);
        pending.change(&Which::All, now + seconds(1));
        pending.change(&which(&["1002"]), now + seconds(2));
        assert_eq!(pending.take(now + seconds(2)), Some(Batch::All(Why::Changed(now))));
        assert_eq!(pending.take(now + seconds(2)), None);
    }

    #[test]
    fn what_could_not_be_done_is_done_later_and_a_new_change_does_not_wait_for_it() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.open(these(&["1001"], Why::Changed(now)), now);
        assert_eq!(pending.take(now), None);
        pending.change(&which(&["1002"]), now);
        assert_eq!(pending.take(now), Some(these(&["1002"], Why::Changed(now))));
        let when = pending.next().unwrap();
        assert_eq!(pending.take(when), Some(these(&["1001"], Why::Changed(now))));
    }

    #[test]
    fn many_are_taken_in_parts() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        let many: Vec<String> = (0..150).map(|n| format!("{}", 1000 + n)).collect();
        pending.change(&which(&many.iter().map(String::as_str).collect::<Vec<_>>()), now);
        let mut parts = Vec::new();
        while let Some(Batch::These(part)) = pending.take(now) {
            parts.push(part.len());
        }
        assert_eq!(parts, [32, 32, 32, 32, 22]);
    }
}
