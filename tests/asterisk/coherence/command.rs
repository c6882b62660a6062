//! The `peerage` command.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use peerage_testkit::db::TestDb;

/// Runs the command on a database, with something on its standard input.
#[track_caller]
pub(super) fn peerage(db: &TestDb, arguments: &[&str], input: &str) {
    let mut child = Command::new(built())
        .args(arguments)
        .env("PEERAGE_DATABASE_URL", db.url())
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

/// The command of this checkout. When the whole workspace is tested Cargo has built it; else it is asked to.
fn built() -> &'static PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let tests = std::env::current_exe().unwrap();
        let command = tests.parent().and_then(|deps| deps.parent()).unwrap().join("peerage");
        if !command.exists() {
            let output = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "--package", "peerage", "--bin", "peerage"])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        command
    })
}
