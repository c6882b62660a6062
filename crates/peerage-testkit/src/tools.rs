//! Helpers of the tests that no package of Debian's brings: `scripts/install test` puts them into the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::db::cache_dir;

/// The pins: what is fetched, and in which version.
const NODE: &str = include_str!("../../../scripts/pins/package.json");
const PYTHON: &str = include_str!("../../../scripts/pins/requirements.txt");

/// axe-core, the accessibility check that runs in the browser: its one file.
///
/// # Errors
///
/// When it is not there.
pub fn axe_core() -> Result<PathBuf> {
    let pins: serde_json::Value = serde_json::from_str(NODE)?;
    let version = pins["dependencies"]["axe-core"].as_str();
    let version = version.context("scripts/pins/package.json names no axe-core")?;
    there(format!("axe-core-{version}/node_modules/axe-core/axe.min.js"))
}

/// The program `schemathesis`, which tries an interface with requests made from its OpenAPI document.
///
/// # Errors
///
/// When it is not there.
pub fn schemathesis() -> Result<PathBuf> {
    let version = PYTHON.lines().find_map(|line| line.strip_prefix("schemathesis=="));
    let version = version.context("scripts/pins/requirements.txt names no schemathesis")?;
    there(format!("schemathesis-{version}/bin/schemathesis"))
}

/// `fail2ban-regex`, which shows what a filter finds in a log; the arguments that it always takes are given.
///
/// # Errors
///
/// When it is not there.
pub fn fail2ban_regex() -> Result<Command> {
    let program = there("fail2ban/usr/bin/fail2ban-regex".to_owned())?;
    let mut command = Command::new("/usr/bin/python3");
    command
        .env(
            "PYTHONPATH",
            cache_dir()?.join("fail2ban/usr/lib/python3/dist-packages"),
        )
        .arg(program)
        .arg("--config")
        .arg(cache_dir()?.join("fail2ban/etc/fail2ban"));
    Ok(command)
}

fn there(inside: String) -> Result<PathBuf> {
    let path = cache_dir()?.join(inside);
    ensure!(
        path.is_file(),
        "there is no {}: `scripts/install test` puts it there",
        path.display()
    );
    Ok(path)
}
