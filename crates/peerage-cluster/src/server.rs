//! The server process of one data directory.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::pg::PgConnection;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::ClusterError;

/// How many lines of the server's log an error shows.
const TAIL: usize = 15;

/// How often a server that is starting is tried.
const POLL: Duration = Duration::from_millis(50);

pub(crate) struct Server<'a> {
    data: &'a Path,
    binaries: &'a Binaries,
    owner: &'a Account,
    caller: &'a Account,
}

impl<'a> Server<'a> {
    pub(crate) fn new(data: &'a Path, binaries: &'a Binaries, owner: &'a Account, caller: &'a Account) -> Self {
        Self {
            data,
            binaries,
            owner,
            caller,
        }
    }

    /// The postmaster, if it runs.
    pub(crate) fn pid(&self) -> Result<Option<u32>, ClusterError> {
        running_pid(self.data)
    }

    /// Whether the last server did not end in good order: it would have removed its file.
    pub(crate) fn has_crashed(&self) -> Result<bool, ClusterError> {
        Ok(named_pid(self.data)?.is_some() && self.pid()?.is_none())
    }

    /// Starts the server; returns when it accepts connections.
    pub(crate) fn start(&self, patience: Duration) -> Result<(), ClusterError> {
        forget_stale_pid(self.data)?;
        let mut command = self.pg_ctl("start", patience);
        command.arg("--log").arg(self.data.join("start.log"));
        run("pg_ctl start", self.data, &mut command)
    }

    /// Stops the server; returns when it is gone.
    pub(crate) fn stop(&self, patience: Duration) -> Result<(), ClusterError> {
        run(
            "pg_ctl stop",
            self.data,
            self.pg_ctl("stop", patience).arg("--mode=fast"),
        )
    }

    /// Whether a server runs and accepts connections, waiting for one that is still starting. One that dies meanwhile does not run.
    pub(crate) fn answers(
        &self,
        url: impl Fn() -> Result<String, ClusterError>,
        patience: Duration,
    ) -> Result<bool, ClusterError> {
        let deadline = Instant::now() + patience;
        while self.pid()?.is_some() {
            let Err(error) = PgConnection::establish(&url()?) else {
                return Ok(true);
            };
            if Instant::now() >= deadline {
                return Err(ClusterError::NotReady {
                    directory: self.data.to_owned(),
                    seconds: patience.as_secs(),
                    said: with_log(&error.to_string(), self.data),
                });
            }
            thread::sleep(POLL);
        }
        Ok(false)
    }

    fn pg_ctl(&self, action: &str, patience: Duration) -> Command {
        let mut command = self.owner.command(self.binaries.program("pg_ctl"), self.caller);
        command.arg(action).arg("--pgdata").arg(self.data);
        command
            .args(["--wait", "--silent", "--timeout"])
            .arg(patience.as_secs().to_string());
        command
    }
}

/// The postmaster that `postmaster.pid` names, if such a process runs.
pub(crate) fn running_pid(data: &Path) -> Result<Option<u32>, ClusterError> {
    Ok(named_pid(data)?.filter(|&pid| is_postmaster(pid, data)))
}

fn named_pid(data: &Path) -> Result<Option<u32>, ClusterError> {
    let path = data.join("postmaster.pid");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().next().and_then(|line| line.trim().parse().ok())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("read", &path)(error)),
    }
}

/// Whether the process is a server whose working directory is this data directory, as a postmaster's is. A number alone proves nothing:
/// after a restart of the machine, and more so of a container, it is soon somebody else's.
fn is_postmaster(pid: u32, data: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    if !Path::new("/proc/self").exists() {
        return succeeds(Command::new("sh").args(["-c", "kill -0 \"$1\"", "sh", &pid.to_string()]));
    }
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    if !["postgres", "postmaster"].contains(&name.trim()) {
        return false;
    }
    match fs::read_link(process.join("cwd")) {
        Ok(directory) => fs::canonicalize(data).is_ok_and(|data| data == directory),
        // A container's root may not look; a process that is dead but not yet reaped has none.
        Err(error) => error.kind() == ErrorKind::PermissionDenied,
    }
}

/// The server minds a file whose process is gone, but not one whose number has been given to another process of the same user. Leftovers of a
/// crashed server that still use the data are found all the same, by their shared memory.
fn forget_stale_pid(data: &Path) -> Result<(), ClusterError> {
    let Some(pid) = named_pid(data)? else { return Ok(()) };
    if is_postmaster(pid, data) || !Path::new("/proc").join(pid.to_string()).exists() {
        return Ok(());
    }
    let path = data.join("postmaster.pid");
    fs::remove_file(&path).map_err(ClusterError::io("remove", &path))
}

/// Runs one of PostgreSQL's programs to its end.
pub(crate) fn run(program: &'static str, data: &Path, command: &mut Command) -> Result<(), ClusterError> {
    let path = PathBuf::from(command.get_program());
    let output = command.output().map_err(ClusterError::io("run", &path))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(ClusterError::Program {
        program,
        directory: data.to_owned(),
        said: with_log(said.trim(), data),
    })
}

/// Runs a program for its yes or no.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Adds the end of what the server wrote last.
fn with_log(said: &str, data: &Path) -> String {
    let logs = fs::read_dir(data.join("log"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let newest = logs
        .chain([data.join("start.log")])
        .max_by_key(|path| fs::metadata(path).and_then(|it| it.modified()).ok());
    let log = newest.and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let mut tail: Vec<_> = log.lines().rev().take(TAIL).collect();
    tail.push(said);
    tail.reverse();
    tail.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_given_to_another_process_is_forgotten() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        fs::write(&file, format!("{}\n{}\n", std::process::id(), data.path().display())).unwrap();
        assert_eq!(running_pid(data.path()).unwrap(), None);
        forget_stale_pid(data.path()).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn an_error_ends_with_the_last_lines_of_the_log() {
        let data = tempfile::tempdir().unwrap();
        let lines: Vec<_> = (0..100).map(|line| format!("line {line}")).collect();
        fs::write(data.path().join("start.log"), lines.join("\n")).unwrap();
        let text = with_log("could not start", data.path());
        assert!(
            text.starts_with("could not start\nline 85\n") && text.ends_with("line 99"),
            "{text}"
        );
    }
}
