//! Programs that end with the test, whatever becomes of it.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{io, thread};

use anyhow::{Context, Result};

/// Ends the program when the thread that started it is gone, hence [`spawn`].
pub(super) const DIE_WITH_PARENT: [&str; 3] = ["setpriv", "--pdeathsig", "KILL"];

/// Limits a program that might hang; the limit is far above what it ever takes.
pub(super) const LIMITED: [&str; 4] = ["timeout", "--kill-after", "5", "60"];

type Order = (Command, Sender<io::Result<Child>>);

/// The one thread that starts programs. The kernel's "parent died" means the parent *thread*: a program that several
/// tests share must not end with the test that happened to start it.
static SPAWNER: LazyLock<Mutex<Sender<Order>>> = LazyLock::new(|| {
    let (orders, waiting) = channel::<Order>();
    thread::spawn(move || {
        for (mut command, answer) in waiting {
            // Whoever asked is waiting, or is gone with its test; then the child goes when the process does.
            let _ = answer.send(command.spawn());
        }
    });
    Mutex::new(orders)
});

/// Starts a program from a thread that lives as long as this process.
pub(crate) fn spawn(command: Command) -> Result<Child> {
    let program = command.get_program().to_string_lossy().into_owned();
    let (answer, started) = channel();
    let spawner = SPAWNER.lock().unwrap_or_else(PoisonError::into_inner).clone();
    spawner
        .send((command, answer))
        .ok()
        .context("the thread that starts programs is gone")?;
    let child = started.recv().context("the thread that starts programs is gone")?;
    child.with_context(|| format!("could not run {program}"))
}

/// A program of this machine that ends with the test process.
pub(crate) fn with_parent(program: &str) -> Command {
    let mut command = Command::new(DIE_WITH_PARENT[0]);
    command.args(&DIE_WITH_PARENT[1..]).arg(program).process_group(0);
    command
}

/// A long-running program with its children, killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts it in a process group of its own, with what it prints added to the file `output`.
    pub(crate) fn start(mut command: Command, output: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(output)?;
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0);
        Ok(Self { child: spawn(command)? })
    }

    /// Its process id; of a program that was started by another which it has taken the place of, that one's.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Kills it and all of its group, and waits until it is gone.
    pub(crate) fn kill(&mut self) -> Result<()> {
        kill_group(&mut self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing can be done about a failure here; the parent's end is the second chance.
        let _ = self.kill();
    }
}

/// Kills a child that leads a process group, and the group; nothing happens when the child has been waited for.
pub(crate) fn kill_group(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    // The shell's own kill: the standard library has none for groups.
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s KILL -- \"-$1\"", "sh", &child.id().to_string()]);
    kill.status().context("could not run kill")?;
    child.wait()?;
    Ok(())
}
