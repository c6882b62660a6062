//! The `peerage` command.

use std::io::Write;
use std::process::{Command, Stdio};

use peerage_testkit::db::TestDb;

/// Runs the command on a database, with something on its standard input.
#[track_caller]
pub(super) fn peerage(db: &TestDb, arguments: &[&str], input: &str) {
    let mut child = Command::new(peerage_testkit::command::peerage().unwrap())
        .args(arguments)
        .env("PEERAGE_DATABASE_URL", db.app_url())
        .env("PEERAGE_OWNER_DATABASE_URL", db.owner_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "peerage {arguments:?}: {said}");
}
