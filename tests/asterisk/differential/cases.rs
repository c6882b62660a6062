//! The cases written by hand, by what they are about.

mod caller_ids;
mod identity;
mod settings;
mod transports;

use super::case::Case;
use super::subject::Subject;

/// All of them.
pub(super) fn all() -> Vec<Subject> {
    let tables: [&[Case]; 4] = [identity::CASES, transports::CASES, caller_ids::CASES, settings::CASES];
    tables.into_iter().flatten().map(Subject::from).collect()
}
