//! Runs tests on both versions of Asterisk.

use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use peerage_testkit::asterisk::Version;

use super::centre::Centre;

/// Runs a test on both versions at once, each on the centre that tests share: a test has queues and agents of its own there.
pub(crate) fn on_each(test: impl Fn(&Centre) + Sync) {
    static CENTRES: [OnceLock<Centre>; Version::ALL.len()] = [const { OnceLock::new() }; Version::ALL.len()];
    on_versions(|version| {
        let index = Version::ALL.iter().position(|one| *one == version).unwrap();
        let centre = CENTRES[index].get_or_init(|| Centre::start(version));
        test(centre);
        centre.assert_quiet();
    });
}

/// Runs something for both versions at once; what fails names its version.
pub(crate) fn on_versions(test: impl Fn(Version) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let runs = Version::ALL.map(|version| {
            let thread = thread::Builder::new().name(format!("Asterisk {version}"));
            thread.spawn_scoped(scope, move || test(version)).unwrap()
        });
        let failed: Vec<_> = runs.into_iter().filter_map(|run| run.join().err()).collect();
        if let Some(panic) = failed.into_iter().next() {
            resume_unwind(panic);
        }
    });
}
