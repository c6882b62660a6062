//! Switches: `--video` turns on, `--no-video` turns off, neither leaves things as they are; the last one counts.

/// What a pair of flags says, of which clap lets only the last one stand.
pub(crate) fn switch(on: bool, off: bool) -> Option<bool> {
    match (on, off) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => None,
    }
}
