//! The processes: a chromedriver, and the Chromium that it starts.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use serde_json::json;
use tempfile::TempDir;

use super::PATIENCE;
use crate::asterisk::{Process, wait_until, with_parent};

/// How Chromium runs: without a screen, and without talking to anybody but the pages of the test.
const FLAGS: [&str; 15] = [
    "--headless=new",
    // As on a telephone, where they take no room.
    "--hide-scrollbars",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    // Pages in the background are as quick as the one in front: two browsers race.
    "--disable-renderer-backgrounding",
    // Chromium goes when chromedriver does, however that ends.
    "--remote-debugging-pipe",
];

/// A chromedriver on a port of its own.
pub(super) struct Chromedriver {
    process: Process,
    port: u16,
    files: TempDir,
}

impl Chromedriver {
    pub(super) fn start() -> Result<Self> {
        let files = tempfile::Builder::new().prefix("peerage-browser-").tempdir()?;
        let mut command = with_parent("chromedriver");
        command.arg("--port=0");
        // Chromium keeps things in its user's directories, besides those of its profile.
        command.env("HOME", files.path()).env("TMPDIR", files.path());
        let process = Process::start(command, &files.path().join("output"))?;
        let mut driver = Self {
            process,
            port: 0,
            files,
        };
        wait_until("chromedriver listens", PATIENCE, || driver.listens())
            .with_context(|| format!("chromedriver does not start:\n{}", driver.said()))?;
        Ok(driver)
    }

    fn listens(&mut self) -> Result<bool> {
        if let Some(status) = self.process.ended()? {
            bail!("chromedriver ended: {status}; `scripts/install test` installs it");
        }
        let Some(port) = port(&self.said()) else {
            return Ok(false);
        };
        self.port = port;
        Ok(true)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it printed.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(self.files.path().join("output")).unwrap_or_default()
    }

    pub(super) fn capabilities(&self) -> Result<Capabilities> {
        let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
        flags.push(format!("--user-data-dir={}", self.profile()));
        if is_root() {
            flags.push("--no-sandbox".into());
        }
        let wanted = json!({
            "browserName": "chrome",
            "unhandledPromptBehavior": "ignore",
            "goog:chromeOptions": {"args": flags},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        serde_json::from_value(wanted).context("capabilities are an object")
    }

    pub(super) fn profile(&self) -> String {
        self.files.path().join("profile").display().to_string()
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Failures are nobody's to handle here. Chromium goes a moment after chromedriver; what does not is killed, so
        // that nothing writes to the directory that is removed next.
        let _ = self.process.kill();
        let profile = self.profile();
        let gone = wait_until("Chromium has gone", std::time::Duration::from_secs(5), || {
            Ok(processes_with(&profile).is_empty())
        });
        if gone.is_err() {
            for process in processes_with(&profile) {
                let _ = Command::new("kill").args(["-s", "KILL", &process]).status();
            }
            let _ = wait_until("Chromium has gone", std::time::Duration::from_secs(5), || {
                Ok(processes_with(&profile).is_empty())
            });
        }
    }
}

/// Reads `ChromeDriver was started successfully on port 12345.`
fn port(said: &str) -> Option<u16> {
    let (_, rest) = said.split_once("started successfully on port ")?;
    rest.split_once('.')?.0.parse().ok()
}

/// The processes that have this word in their command line.
fn processes_with(word: &str) -> Vec<String> {
    let Ok(all) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    all.flatten()
        .filter(|entry| fs::read(entry.path().join("cmdline")).is_ok_and(|line| contains(&line, word)))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}

fn contains(line: &[u8], word: &str) -> bool {
    String::from_utf8_lossy(line).contains(word)
}

/// Chromium's sandbox does not work for root.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}
