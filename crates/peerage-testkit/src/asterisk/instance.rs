//! The directories of one Asterisk inside the lab's root.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};

use super::Version;
use super::process::{DIE_WITH_PARENT, LIMITED};
use super::root::Root;

/// Set by someone who wants to look at what a test left.
const KEEP: &str = "PEERAGE_KEEP";

/// Tells the instances of this process apart.
static NEXT: AtomicU32 = AtomicU32::new(0);

pub(super) struct Instance {
    root: Root,
    /// Its directory, as seen inside the root.
    directory: String,
    /// The local time zone of what runs in it; none for the root's own.
    time_zone: Option<String>,
    clock_ahead: Option<i32>,
    /// Held as long as the instance lives: what is not locked is left over from a process that was killed.
    _lock: File,
}

const ASTERISK: &str = "/usr/sbin/asterisk";

/// The library that lets a program see another time, as Debian has it; the loader puts the machine's own directory for `$LIB`.
const FAKETIME: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

impl Instance {
    pub(super) fn create(version: Version, time_zone: Option<String>, clock_ahead: Option<i32>) -> Result<Self> {
        let root = Root::of(version)?;
        let all = root.outside(root.instances());
        fs::create_dir_all(&all).with_context(|| format!("could not make {}", all.display()))?;
        root.name_this_machine()?;
        remove_remains(&all);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let directory = format!("{}/{}-{number}", root.instances(), process::id());
            let outside = root.outside(&directory);
            match fs::create_dir(&outside) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                made => made.with_context(|| format!("could not make {}", outside.display()))?,
            }
            let lock = File::create(outside.join("lock"))?;
            lock.lock()?;
            for name in ["etc", "lib", "spool", "run", "log"] {
                fs::create_dir(outside.join(name))?;
            }
            return Ok(Self {
                root,
                directory,
                time_zone,
                clock_ahead,
                _lock: lock,
            });
        }
    }

    /// A path in the instance, as Asterisk sees it.
    pub(super) fn inside(&self, path: &str) -> String {
        format!("{}/{path}", self.directory)
    }

    /// A path in the instance, as this process sees it.
    pub(super) fn outside(&self, path: &str) -> PathBuf {
        self.root.outside(&self.inside(path))
    }

    pub(super) fn console(&self) -> PathBuf {
        self.outside("log/console")
    }

    pub(super) fn control_socket(&self) -> PathBuf {
        self.outside("run/asterisk.ctl")
    }

    /// Writes a configuration file; with its permissions before its contents, since it may hold a secret.
    pub(super) fn write(&self, name: &str, mode: u32, contents: &str) -> Result<()> {
        let path = self.outside(&format!("etc/{name}"));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(mode);
        let mut file = options
            .open(&path)
            .with_context(|| format!("could not write {}", path.display()))?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(contents.as_bytes())?;
        Ok(())
    }

    pub(super) fn append(&self, name: &str, contents: &str) -> Result<()> {
        let path = self.outside(&format!("etc/{name}"));
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o640);
        let mut file = options
            .open(&path)
            .with_context(|| format!("could not write {}", path.display()))?;
        writeln!(file, "\n{contents}")?;
        Ok(())
    }

    /// Asterisk itself, to be run until it ends.
    pub(super) fn asterisk(&self, arguments: &[&str]) -> Command {
        self.command(&DIE_WITH_PARENT, arguments)
    }

    fn command(&self, launcher: &[&str], arguments: &[&str]) -> Command {
        let zone = self.time_zone.as_deref().map(|zone| self.root.time_zone(zone));
        let hosts = self.outside("etc/hosts");
        let hosts = hosts.exists().then(|| (hosts, self.root.outside("/etc/hosts")));
        let files: Vec<_> = zone.into_iter().chain(hosts).collect();
        let mounts = Root::in_place_of(&files);
        let launcher: Vec<&str> = launcher
            .iter()
            .copied()
            .chain(mounts.iter().map(String::as_str))
            .collect();
        let mut command = match self.clock_ahead {
            None => self.root.command(&launcher, ASTERISK),
            Some(seconds) => {
                // Its timers go by the monotonic clock, which stays.
                let mut command = self.root.command(&launcher, "/usr/bin/env");
                command.args(["DONT_FAKE_MONOTONIC=1", &format!("FAKETIME={seconds:+}s")]);
                command.args([&format!("LD_PRELOAD={FAKETIME}"), ASTERISK]);
                command
            }
        };
        command.args(["-C", &self.inside("etc/asterisk.conf")]).args(arguments);
        command
    }

    pub(super) fn cli(&self, line: &str) -> Result<String> {
        let output = self
            .command(&LIMITED, &["-rx", line])
            .output()
            .context("could not run asterisk -rx")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "asterisk -rx `{line}`: {}{}",
            said.trim(),
            complaint.trim()
        );
        ensure!(!said.starts_with("No such command"), "{}", said.trim());
        Ok(said.trim_end().to_owned())
    }

    pub(super) fn log(&self) -> Result<String> {
        self.read_log("messages.log")
    }

    /// All of its log of queues so far.
    pub(super) fn queue_log(&self) -> Result<String> {
        self.read_log("queue_log")
    }

    fn read_log(&self, name: &str) -> Result<String> {
        let path = self.outside(&format!("log/{name}"));
        let log = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        Ok(String::from_utf8_lossy(&log).into_owned())
    }

    /// The end of its log, or of what it printed when it came to no log.
    pub(super) fn tail(&self) -> String {
        const LINES: usize = 100;
        let printed = || fs::read(self.console()).unwrap_or_default();
        let log = fs::read(self.outside("log/messages.log"));
        let log = log.ok().filter(|log| !log.is_empty()).unwrap_or_else(printed);
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

impl Drop for Instance {
    #[expect(clippy::print_stderr, reason = "tells the one who asked to keep it where it is")]
    fn drop(&mut self) {
        let path = self.outside("");
        if std::env::var_os(KEEP).is_some() {
            // Without its lock file it is not taken for remains.
            let _ = fs::remove_file(path.join("lock"));
            eprintln!("kept {}", path.display());
        } else {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Removes what killed test processes have left. One that cannot be removed is another user's, or is being removed by
/// another process now.
fn remove_remains(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(lock) = File::open(entry.path().join("lock")) else {
            continue;
        };
        if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
