//! What Asterisk may not say while all this goes on.

use std::sync::atomic::Ordering;

use peerage_testkit::asterisk::Asterisk;

use super::centre::Centre;

/// Complaints that the tests provoke: what the message has, and what provokes it. None is about tables, columns or values.
const EXPECTED: [(&str, &str); 1] = [(
    "registered during operation. Enable PJSIP_SAFE_MODULE",
    "PJSIP asks whether a telephone is there before all of its modules are loaded",
)];

impl Centre {
    /// Fails when Asterisk has complained since this was last asked.
    #[track_caller]
    pub(crate) fn assert_quiet(&self) {
        let complaints = complaints(&self.asterisk);
        let seen = self.complaints.swap(complaints.len(), Ordering::Relaxed);
        assert!(seen >= complaints.len(), "{}: {:#?}", self.version, &complaints[seen..]);
    }
}

/// Warnings, errors, and what the database driver notes: a column that it does not find is a mere NOTICE to it.
pub(super) fn complaints(asterisk: &Asterisk) -> Vec<String> {
    let log = asterisk.log().unwrap();
    let is_bad = |line: &str| {
        let driver = line.contains("] NOTICE[") && line.contains("res_config_pgsql.c");
        driver || line.contains("] WARNING[") || line.contains("] ERROR[")
    };
    let is_expected = |line: &str| EXPECTED.iter().any(|(expected, _)| line.contains(expected));
    let bad = log.lines().filter(|line| is_bad(line) && !is_expected(line));
    bad.map(str::to_owned).collect()
}
