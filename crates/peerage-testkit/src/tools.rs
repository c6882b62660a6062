//! Helpers of the tests that no package of Debian's brings: `scripts/install test` puts them into the cache.

use std::path::PathBuf;

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

fn there(inside: String) -> Result<PathBuf> {
    let path = cache_dir()?.join(inside);
    ensure!(
        path.is_file(),
        "there is no {}: `scripts/install test` puts it there",
        path.display()
    );
    Ok(path)
}
