//! Writes a node's files atomically. Unchanged files are left alone; files that Peerage did not write are kept unless forced.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use peerage_views::node_config::ConfigFile;
use serde::Serialize;

use crate::failure::Failure;
use crate::printer::ListColumn;

/// First line of each file, which marks it as Peerage's.
const MARK: &str = "; Written by `peerage asterisk config`, and again by the next: what you add goes into local/.\n";

/// The outcome for a file.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    file: &'static str,
    /// `new`, `changed` or `same`.
    state: &'static str,
}

pub(super) const COLUMNS: &[ListColumn<Written>] = &[
    ("file", |written| written.file.to_owned()),
    ("state", |written| written.state.to_owned()),
];

/// Writes all files, or none if one of the existing files is not Peerage's.
pub(super) fn all(directory: &Path, files: &[ConfigFile], force: bool) -> Result<Vec<Written>, Failure> {
    let trying = format!("cannot write to `{}`", directory.display());
    let failed = |error: io::Error| Failure::while_trying(&trying, &error);
    let mut plan = Vec::new();
    let mut foreign = Vec::new();
    for file in files {
        let wanted = format!("{MARK}{}", file.contents);
        let state = match present(&directory.join(file.name)).map_err(failed)? {
            None => "new",
            Some(text) if text == wanted => "same",
            Some(text) => {
                if !text.starts_with(MARK) {
                    foreign.push(file.name);
                }
                "changed"
            }
        };
        plan.push((file, wanted, state));
    }
    if !foreign.is_empty() && !force {
        return Err(Failure::failed(format!(
            "`{}` has files that Peerage did not write: {}",
            directory.display(),
            foreign.join(", ")
        ))
        .hint("nothing was written: use another directory with --out, or replace the files with --force"));
    }
    fs::create_dir_all(directory).map_err(failed)?;
    plan.into_iter()
        .map(|(file, wanted, state)| {
            put(directory, file, &wanted).map_err(failed)?;
            Ok(Written { file: file.name, state })
        })
        .collect()
}

/// The file as it is; one that is no text is somebody else's, whatever it says.
fn present(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes beside the old file and then takes its place, so that Asterisk never reads half a file and a secret is never readable.
fn put(directory: &Path, file: &ConfigFile, contents: &str) -> io::Result<()> {
    let path = directory.join(file.name);
    let beside = directory.join(format!(".{}.new", file.name));
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(file.mode)
        .open(&beside);
    let mut made = match made {
        // Left over by a run that was cut off.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(&beside)?;
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(file.mode)
                .open(&beside)?
        }
        made => made?,
    };
    made.write_all(contents.as_bytes())?;
    made.sync_all()?;
    made.set_permissions(fs::Permissions::from_mode(file.mode))?;
    fs::rename(&beside, &path)
}
