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
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "peerage", "--bin", "peerage"]);
    // What Cargo tells a test of its package is no news for the build, but `ring` is built again when it differs.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|of| name.to_string_lossy().starts_with(of))
        {
            cargo.env_remove(name);
        }
    }
    let output = cargo.output()?;
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
        Self::start_as(db.app_url(), Some(db.owner_url()), listen, manager_secrets, log)
    }

    /// The same on the database of a URL.
    ///
    /// # Errors
    ///
    /// As [`Serve::start`].
    pub fn start_at(url: &str, listen: SocketAddr, manager_secrets: &Path, log: &Path) -> Result<Self> {
        Self::start_as(url, None, listen, manager_secrets, log)
    }

    fn start_as(
        url: &str,
        owner_url: Option<&str>,
        listen: SocketAddr,
        manager_secrets: &Path,
        log: &Path,
    ) -> Result<Self> {
        let mut command = with_parent(&peerage()?.display().to_string());
        command.args(["serve", "--listen", &listen.to_string()]);
        command.env("PEERAGE_DATABASE_URL", url);
        if let Some(owner_url) = owner_url {
            command.env("PEERAGE_OWNER_DATABASE_URL", owner_url);
        }
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

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// Sends it a signal, such as `STOP`.
    ///
    /// # Errors
    ///
    /// When it cannot be sent.
    pub fn signal(&self, signal: &str) -> Result<()> {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &self.pid().to_string()]);
        ensure!(kill.status()?.success(), "the signal cannot be sent");
        Ok(())
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub fn wait_for_end(&mut self) -> Result<()> {
        wait_until("the service ends", PATIENCE, || Ok(self.0.ended()?.is_some()))
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
