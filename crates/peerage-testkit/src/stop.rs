//! Has the threads of a test end, also when the test fails.

use std::sync::atomic::{AtomicBool, Ordering};

/// A wish that threads look at. Scoped threads are waited for also after a panic, so one who only sets a flag at the end of the test makes
/// a failure a hang.
///
/// ```
/// use peerage_testkit::stop::Stop;
///
/// let stop = Stop::default();
/// std::thread::scope(|scope| {
///     let _at_the_end = stop.when_dropped();
///     scope.spawn(|| while !stop.is_asked() { std::thread::yield_now() });
/// });
/// ```
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Stop {
    /// Whether to end.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Asks for it when the value is dropped.
    #[must_use]
    pub fn when_dropped(&self) -> WhenDropped<'_> {
        WhenDropped(self)
    }
}

/// See [`Stop::when_dropped`].
#[derive(Debug)]
pub struct WhenDropped<'a>(&'a Stop);

impl Drop for WhenDropped<'_> {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_fails_is_not_waited_for_for_ever() {
        let stop = Stop::default();
        let failed = std::panic::catch_unwind(|| {
            std::thread::scope(|scope| {
                let _at_the_end = stop.when_dropped();
                scope.spawn(|| {
                    while !stop.is_asked() {
                        std::thread::yield_now();
                    }
                });
                panic!("the test fails");
            });
        });
        assert!(failed.is_err());
    }
}
