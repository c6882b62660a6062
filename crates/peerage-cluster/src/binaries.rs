//! Finds PostgreSQL's server programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::ClusterError;

/// Where Debian keeps one directory per major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// ICU as a database's own locale provider came with 15.
const OLDEST: u32 = 15;

/// A directory of programs and their major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    directory: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    /// The programs for this data directory: of the version that made it, or the newest there are if it is not there yet. Looked for in
    /// `explicit` alone if given, else below `/usr/lib/postgresql`, else where the `pg_config` in `PATH` says.
    pub(crate) fn find(explicit: Option<&Path>, data: &Path) -> Result<Self, ClusterError> {
        let wanted = data_version(data);
        let found = match explicit {
            Some(directory) => inspect(directory.to_owned()).into_iter().collect(),
            None => installed(Path::new(DEBIAN)),
        };
        let best = found
            .iter()
            .filter(|it| wanted.is_none_or(|wanted| it.major == wanted))
            .max_by_key(|it| it.major);
        match (best, wanted) {
            (Some(best), _) if best.major < OLDEST => Err(ClusterError::TooOld {
                found: best.major,
                directory: best.directory.clone(),
            }),
            (Some(best), _) => Ok(best.clone()),
            (None, Some(wanted)) if !found.is_empty() => Err(ClusterError::DataVersion {
                data: wanted,
                directory: data.to_owned(),
            }),
            (None, _) => Err(ClusterError::NotInstalled {
                searched: explicit.map_or_else(
                    || {
                        vec![
                            format!("{DEBIAN}/*/bin"),
                            "the directory that `pg_config --bindir` names".to_owned(),
                        ]
                    },
                    |directory| vec![directory.display().to_string()],
                ),
            }),
        }
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn installed(debian: &Path) -> Vec<Binaries> {
    let versions = fs::read_dir(debian).into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.filter_map(|entry| inspect(entry.path().join("bin"))).collect();
    if found.is_empty() {
        found.extend(configured().and_then(inspect));
    }
    found
}

/// Where the `pg_config` in `PATH` keeps its programs, for systems that are laid out otherwise.
fn configured() -> Option<PathBuf> {
    let said = Command::new("pg_config")
        .arg("--bindir")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let directory = String::from_utf8(said.stdout).ok()?;
    Some(PathBuf::from(directory.trim())).filter(|directory| directory.is_absolute())
}

/// The directory, if the programs needed are in it and say their version.
fn inspect(directory: PathBuf) -> Option<Binaries> {
    let there = |name| directory.join(name).is_file();
    if !(there("pg_ctl") && there("postgres") && there("initdb")) {
        return None;
    }
    let said = Command::new(directory.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let major = major(&String::from_utf8(said.stdout).ok()?)?;
    Some(Binaries { directory, major })
}

/// Reads `postgres (PostgreSQL) 15.20 (Debian ...)`, also `18beta1`.
fn major(text: &str) -> Option<u32> {
    let version = text.split_once("(PostgreSQL)")?.1.trim_start();
    let digits = version
        .find(|c: char| !c.is_ascii_digit())
        .map_or(version, |end| version.split_at(end).0);
    digits.parse().ok()
}

fn data_version(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_prints() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("postgres (PostgreSQL) 17"), Some(17));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn an_empty_directory_is_reported_with_its_name_and_the_package() {
        let empty = tempfile::tempdir().unwrap();
        let error = Binaries::find(Some(empty.path()), &empty.path().join("pg")).unwrap_err();
        assert!(
            error.to_string().contains(&empty.path().display().to_string()),
            "{error}"
        );
        assert!(error.hint().contains("apt-get install postgresql"), "{}", error.hint());
    }

    #[test]
    fn data_of_a_version_that_is_not_installed_are_refused() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("PG_VERSION"), "9\n").unwrap();
        let error = Binaries::find(None, data.path()).unwrap_err();
        assert!(matches!(error, ClusterError::DataVersion { data: 9, .. }), "{error}");
    }
}
