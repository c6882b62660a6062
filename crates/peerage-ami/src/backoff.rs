//! How long to wait before connecting again.

use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Waits that double from one failure to the next, each shortened by chance to between half of it and all: so that the
/// clients of an Asterisk that comes back do not come back together.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        // A wait of nothing would be a busy loop; beyond a day nobody would see a difference.
        let first = first.clamp(Duration::from_millis(1), DAY);
        Self {
            first,
            longest: longest.clamp(first, DAY),
            next: first,
        }
    }

    /// The wait after a failure; `chance` is any number, each equally likely.
    pub(crate) fn next(&mut self, chance: u32) -> Duration {
        let wait = self.next;
        self.next = wait.saturating_mul(2).min(self.longest);
        wait.mul_f64(0.5 + 0.5 * f64::from(chance) / f64::from(u32::MAX))
    }

    /// Takes note of how long a connection was up. One that does not last is as good as none: an Asterisk that hangs up
    /// after every sign-in is not asked at the shortest interval.
    pub(crate) fn was_up(&mut self, lasted: Duration) {
        if lasted >= self.longest {
            self.next = self.first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::new(SECOND, 5 * SECOND);
        let waits: Vec<_> = (0..5).map(|_| backoff.next(u32::MAX).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
    }

    #[test]
    fn chance_takes_at_most_half() {
        let mut backoff = Backoff::new(SECOND, SECOND);
        assert_eq!(backoff.next(0), SECOND / 2);
        assert_eq!(backoff.next(u32::MAX), SECOND);
    }

    #[test]
    fn only_a_connection_that_lasted_shortens_the_wait() {
        let mut backoff = Backoff::new(SECOND, 8 * SECOND);
        backoff.next(0);
        backoff.next(0);
        backoff.was_up(SECOND);
        assert_eq!(backoff.next(u32::MAX), 4 * SECOND);
        backoff.was_up(8 * SECOND);
        assert_eq!(backoff.next(u32::MAX), SECOND);
    }

    #[test]
    fn absurd_settings_neither_panic_nor_wait_for_nothing() {
        let mut none = Backoff::new(Duration::ZERO, Duration::ZERO);
        assert!(none.next(0) > Duration::ZERO);
        let mut ages = Backoff::new(Duration::MAX, Duration::MAX);
        ages.next(u32::MAX / 2);
        assert!(ages.next(0) > SECOND);
    }
}
