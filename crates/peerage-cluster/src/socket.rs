//! Where the server's socket goes.
//!
//! The kernel allows 107 bytes for the path of a socket (`sun_path` in unix(7), 108 with its end mark), and libpq splits a host at commas. So
//! the directory is `run/` of the home if that is short and plain, else a private one with a short name: `/run/peerage-<hash>` for a
//! system user's server, `/tmp/peerage-<uid>-<hash>` for a person's. The hash is of the home's path.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::ClusterError;
use crate::home;

/// Longest directory, in bytes: 106 less `/.s.PGSQL.65535`.
const LONGEST: usize = 106 - 15;

/// Makes the directory, private to the owner, and returns it.
pub(crate) fn directory(home: &Path, owner: &Account, caller: &Account) -> Result<PathBuf, ClusterError> {
    let directory = choose(home, owner, caller);
    home::make(&directory, 0o700)?;
    if caller.uid != owner.uid && owned_by(&directory, caller) {
        std::os::unix::fs::lchown(&directory, Some(owner.uid), Some(owner.gid))
            .map_err(ClusterError::io("hand over", &directory))?;
    }
    // In /tmp somebody else may have been first.
    if owned_by(&directory, owner) {
        Ok(directory)
    } else {
        Err(ClusterError::SocketDirectory {
            directory,
            user: owner.name.clone(),
        })
    }
}

fn choose(home: &Path, owner: &Account, caller: &Account) -> PathBuf {
    let near = home.join("run");
    if is_short_and_plain(&near) {
        return near;
    }
    let mut hasher = DefaultHasher::new();
    home.hash(&mut hasher);
    let hash = hasher.finish();
    if caller.is_root() && Path::new("/run").is_dir() {
        PathBuf::from(format!("/run/peerage-{hash:016x}"))
    } else {
        PathBuf::from(format!("/tmp/peerage-{}-{hash:016x}", owner.uid))
    }
}

fn is_short_and_plain(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    bytes.len() <= LONGEST && bytes.iter().all(plain)
}

/// Whether it is a directory, no link, of this user's and closed to all others.
fn owned_by(directory: &Path, user: &Account) -> bool {
    fs::symlink_metadata(directory)
        .is_ok_and(|found| found.is_dir() && found.uid() == user.uid && found.mode().trailing_zeros() >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(uid: u32) -> Account {
        Account {
            name: "ada".to_owned(),
            uid,
            gid: uid,
        }
    }

    #[test]
    fn a_short_plain_home_keeps_its_own_socket() {
        let ada = account(1000);
        assert_eq!(
            choose(Path::new("/var/lib/peerage"), &ada, &ada),
            Path::new("/var/lib/peerage/run")
        );
    }

    #[test]
    fn a_long_or_odd_home_gets_a_short_directory_of_its_own() {
        let ada = account(1000);
        let long = PathBuf::from(format!("/{}", "x".repeat(120)));
        for home in [
            long.as_path(),
            Path::new("/home/ada/a,b"),
            Path::new("/home/ada/a b"),
            Path::new("/home/ada/é"),
        ] {
            let directory = choose(home, &ada, &ada);
            assert!(
                directory.starts_with("/tmp") && is_short_and_plain(&directory),
                "{}",
                directory.display()
            );
        }
        assert_ne!(
            choose(Path::new("/a,b"), &ada, &ada),
            choose(Path::new("/a,c"), &ada, &ada)
        );
    }

    #[test]
    fn the_longest_path_is_within_the_kernels_limit() {
        let home = PathBuf::from(format!("/{}", "x".repeat(LONGEST - "/".len() - "/run".len())));
        let ada = account(1000);
        let socket = choose(&home, &ada, &ada).join(".s.PGSQL.65535");
        assert!(socket.starts_with(&home));
        assert_eq!(socket.as_os_str().len(), 106);
        assert!(std::os::unix::net::SocketAddr::from_pathname(&socket).is_ok());
    }
}
