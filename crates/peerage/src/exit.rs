//! What the command tells the shell.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what it was asked to do.
    Done,
    /// It could not.
    Failed,
    /// It was asked for something that cannot be.
    Usage,
    /// It compared two things and they differ.
    Differences,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Differences => 3,
        })
    }
}

/// The same for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  failed
  2  wrong usage, such as a value that its flag does not take
  3  differences found (views verify)";
