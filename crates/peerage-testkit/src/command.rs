//! The `peerage` command of this checkout, and the service as a process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};

use crate::asterisk::{Process, wait_until, with_parent};
use crate::db::TestDb;

/// How long the service may take to listen.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// The command. Cargo builds it for its own tests only, so it is asked to.
///
/// # Errors
///
/// When it cannot be built.
pub fn peerage() -> Result<&'static Path> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    match built {
        Ok(path) => Ok(path),
        Err(error) => bail!("{error}"),
    }
}

fn build() -> Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "peerage", "--bin", "peerage"])
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tests = std::env::current_exe()?;
    let directory = tests.parent().and_then(Path::parent);
    Ok(directory.context("a test has a directory")?.join("peerage"))
}

/// `peerage serve` as a process; killed (SIGKILL) when dropped.
pub struct Serve(Process);

impl Serve {
    /// Starts it on a database, and waits until it listens.
    ///
    /// # Errors
    ///
    /// When it ends at once, or does not listen.
    pub fn start(db: &TestDb, listen: SocketAddr, manager_secrets: &Path, log: &Path) -> Result<Self> {
        let mut command = with_parent(&peerage()?.display().to_string());
        command.args(["serve", "--listen", &listen.to_string()]);
        command.env("PEERAGE_DATABASE_URL", db.app_url());
        command.env("PEERAGE_OWNER_DATABASE_URL", db.owner_url());
        command.env("PEERAGE_MANAGER_SECRETS", manager_secrets);
        let mut serve = Self(Process::start(command, log)?);
        wait_until("the service listens", PATIENCE, || {
            if let Some(status) = serve.0.ended()? {
                bail!("`peerage serve` ended: {status}: {}", std::fs::read_to_string(log)?);
            }
            Ok(std::net::TcpStream::connect(listen).is_ok())
        })?;
        Ok(serve)
    }

    /// Ends it at once, as a crash does.
    ///
    /// # Errors
    ///
    /// When the signal cannot be sent.
    pub fn kill(mut self) -> Result<()> {
        self.0.kill()
    }
}
