//! Waiting for what must come, and for nothing else.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Asks `probe` until it says yes, at most for `patience`; be generous with that, it is spent only on failure.
///
/// # Errors
///
/// What `probe` fails with, at once; and when `what` has not come in time.
pub fn wait_until(what: &str, patience: Duration, mut probe: impl FnMut() -> Result<bool>) -> Result<()> {
    let started = Instant::now();
    loop {
        if probe()? {
            return Ok(());
        }
        if started.elapsed() > patience {
            bail!("waited {patience:?} in vain until: {what}");
        }
        thread::sleep(Duration::from_millis(20));
    }
}
