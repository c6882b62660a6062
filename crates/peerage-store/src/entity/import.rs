use std::fmt;

use peerage_model::Secret;

use crate::StoreError;

/// A line of a file that is imported.
#[derive(Debug, Clone)]
pub struct ImportRow<T> {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What it says.
    pub row: T,
    /// The SIP secret it gives, or one generated for it.
    pub secret: Secret,
}

/// A line that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct BadRow {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

impl BadRow {
    /// A line and what is wrong with it.
    pub fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Whether an import is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is kept, if every line is good.
    Commit,
    /// It is tried in every respect, and then undone.
    DryRun,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines are bad. They are in order, and no more than 1,000 of them are named.
    #[error("{} of the lines cannot be imported", .more + u64::try_from(bad.len()).unwrap_or(u64::MAX))]
    Rows {
        /// The first of them.
        bad: Vec<BadRow>,
        /// How many there are beyond those.
        more: u64,
    },
    /// The import could not be done at all.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for ImportError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}
