//! Switches: `--video` turns on, `--no-video` turns off, neither leaves things as they are; the last one counts.

/// Returns the value of a pair of flags; clap keeps only the last one given.
pub(crate) fn switch(on: bool, off: bool) -> Option<bool> {
    match (on, off) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => None,
    }
}
