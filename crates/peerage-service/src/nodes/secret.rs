//! The secret of a node's Manager user, from its file.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::SystemTime;

use peerage_model::NodeName;
use zeroize::Zeroizing;

/// Most bytes of a secret; a longer file is not one.
const MOST: u64 = 512;

/// A secret, and when its file was last written: a newer one is another secret.
pub(super) struct Secret {
    pub(super) text: Zeroizing<String>,
    pub(super) written: SystemTime,
}

/// Why there is no secret, with what to do. The secret itself is never part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    #[error(
        "there is no directory of secrets: set manager_secrets, and write the node's secret into a file of its name there"
    )]
    NoDirectory,
    #[error("the secret cannot be read from {path}: {why}")]
    Unreadable { path: String, why: String },
    #[error("others can read {path} (its mode is {mode:o}): `chmod 600` it, and change the secret if they did")]
    Open { path: String, mode: u32 },
    #[error("no secret can be written to {path}: {why}")]
    Unwritable { path: String, why: String },
    #[error("{path} holds no secret: write it there, on one line")]
    Empty { path: String },
    #[error("nobody can sign in with that name: {0}")]
    User(peerage_ami::Invalid),
}

/// Reads the file `node` of the directory.
pub(super) fn read(directory: Option<&Path>, node: &str) -> Result<Secret, NoSecret> {
    let directory = directory.ok_or(NoSecret::NoDirectory)?;
    let file = directory.join(node);
    let path = file.display().to_string();
    let unreadable = |error: io::Error| NoSecret::Unreadable {
        path: path.clone(),
        why: error.to_string(),
    };
    let file = File::open(&file).map_err(unreadable)?;
    // Of the file that is open, not of whatever has its name by now.
    let about = file.metadata().map_err(unreadable)?;
    let mode = about.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(NoSecret::Open { path, mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(MOST as usize));
    file.take(MOST).read_to_string(&mut text).map_err(unreadable)?;
    let line = text.trim_end_matches(['\r', '\n']).trim();
    if line.is_empty() || line.contains(char::is_control) {
        return Err(NoSecret::Empty { path });
    }
    Ok(Secret {
        text: Zeroizing::new(line.to_owned()),
        written: about.modified().map_err(unreadable)?,
    })
}

/// The secret of a node's Manager user: the one that is there, else a new one, which is written to the file `node` of the
/// directory, for its owner alone. Both are made when they are not there.
///
/// # Errors
///
/// [`NoSecret`].
pub fn read_or_make(directory: &Path, node: &NodeName) -> Result<Zeroizing<String>, NoSecret> {
    let file = directory.join(node.as_str());
    let unwritable = |why: String| NoSecret::Unwritable {
        path: file.display().to_string(),
        why,
    };
    let new = peerage_model::Secret::generate().map_err(|error| unwritable(error.to_string()))?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| unwritable(error.to_string()))?;
    // Whoever is there first has made it; nobody sees half a secret that is shorter than a block.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
        Ok(mut made) => made
            .write_all(format!("{}\n", new.expose()).as_bytes())
            .map_err(|error| unwritable(error.to_string()))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(error.to_string())),
    }
    read(Some(directory), node.as_str()).map(|secret| secret.text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn with(contents: &str, mode: u32) -> Result<Secret, NoSecret> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pbx1");
        fs::write(&path, contents).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        read(Some(directory.path()), "pbx1")
    }

    #[test]
    fn a_secret_is_the_line_of_a_file_that_its_owner_alone_can_read() {
        assert_eq!(with("sesame\n", 0o600).unwrap().text.as_str(), "sesame");
        assert_eq!(with("sesame", 0o400).unwrap().text.as_str(), "sesame");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_and_not_shown() {
        for mode in [0o640, 0o604, 0o666, 0o610] {
            let said = with("sesame\n", mode).err().unwrap().to_string();
            assert!(said.contains("chmod 600") && !said.contains("sesame"), "{said}");
        }
    }

    #[test]
    fn a_secret_is_made_once_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let secrets = directory.path().join("manager");
        let node = NodeName::try_from("pbx1").unwrap();
        let made = read_or_make(&secrets, &node).unwrap();
        assert_eq!(read_or_make(&secrets, &node).unwrap(), made);
        assert_eq!(made.len(), 24);
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&secrets), mode(&secrets.join("pbx1"))), (0o700, 0o600));
        let said = read_or_make(Path::new("/proc/nowhere"), &node)
            .err()
            .unwrap()
            .to_string();
        assert!(said.contains("/proc/nowhere/pbx1"), "{said}");
    }

    #[test]
    fn what_is_no_secret_is_said_without_it() {
        for contents in ["", "\n", "  \n", "two\nlines\n"] {
            let said = with(contents, 0o600).err().unwrap().to_string();
            assert!(said.contains("holds no secret") && !said.contains("two"), "{said}");
        }
        let said = read(Some(Path::new("/nowhere")), "pbx1").err().unwrap().to_string();
        assert!(said.contains("/nowhere/pbx1"), "{said}");
        assert_eq!(read(None, "pbx1").err().unwrap(), NoSecret::NoDirectory);
    }
}
