//! Where the private cluster lives.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::ClusterError;

/// The home directory of Peerage's own data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// Finds it from the environment, which the caller hands in: `PEERAGE_HOME`; else `/var/lib/peerage` for root; else
    /// `$XDG_DATA_HOME/peerage`, else `$HOME/.local/share/peerage`. An empty value counts as unset, a relative `PEERAGE_HOME` is taken from
    /// the working directory, a relative `XDG_DATA_HOME` is ignored, as its specification demands.
    ///
    /// # Errors
    ///
    /// Nothing of that is set, or the caller has no user name.
    pub fn resolve(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ClusterError> {
        Self::choose(variable, || Ok(Account::current()?.is_root()))
    }

    fn choose(
        variable: impl Fn(&str) -> Option<OsString>,
        is_root: impl FnOnce() -> Result<bool, ClusterError>,
    ) -> Result<Self, ClusterError> {
        let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(home) = set("PEERAGE_HOME") {
            let home = std::path::absolute(&home).map_err(ClusterError::io("resolve", &home))?;
            return Ok(Self(home));
        }
        if is_root()? {
            return Ok(Self(PathBuf::from("/var/lib/peerage")));
        }
        let absolute = |name| set(name).filter(|path| path.is_absolute());
        absolute("XDG_DATA_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
            .map(|data| Self(data.join("peerage")))
            .ok_or(ClusterError::NoHome)
    }

    /// The directory, absolute. It need not exist.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// Makes the directory and what is missing above it, so that others may pass through: the server may run as another user.
pub(crate) fn create(home: &Path) -> Result<(), ClusterError> {
    let mut missing = Vec::new();
    for directory in home.ancestors() {
        if directory.exists() {
            break;
        }
        missing.push(directory);
    }
    for directory in missing.into_iter().rev() {
        make(directory, 0o755)?;
    }
    Ok(())
}

/// Makes one directory with exactly this mode, whatever the umask; one that exists already is left as it is.
pub(crate) fn make(directory: &Path, mode: u32) -> Result<(), ClusterError> {
    match fs::DirBuilder::new().mode(mode).create(directory) {
        Ok(()) => fs::set_permissions(directory, fs::Permissions::from_mode(mode)),
        Err(_) if directory.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
    .map_err(ClusterError::io("create", directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(variables: &[(&str, &str)], root: bool) -> Option<String> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        let home = Home::choose(find, || Ok(root)).ok()?;
        Some(home.path().display().to_string())
    }

    #[test]
    fn the_explicit_home_wins_for_everybody() {
        let variables = [
            ("PEERAGE_HOME", "/srv/peerage"),
            ("XDG_DATA_HOME", "/x"),
            ("HOME", "/home/ada"),
        ];
        assert_eq!(choose(&variables, true).as_deref(), Some("/srv/peerage"));
        assert_eq!(choose(&variables, false).as_deref(), Some("/srv/peerage"));
    }

    #[test]
    fn root_lives_below_var_lib_and_others_in_their_data_directory() {
        let variables = [("HOME", "/home/ada")];
        assert_eq!(choose(&variables, true).as_deref(), Some("/var/lib/peerage"));
        assert_eq!(
            choose(&variables, false).as_deref(),
            Some("/home/ada/.local/share/peerage")
        );
        let variables = [("XDG_DATA_HOME", "/data"), ("HOME", "/home/ada")];
        assert_eq!(choose(&variables, false).as_deref(), Some("/data/peerage"));
    }

    #[test]
    fn empty_and_relative_values_are_passed_over() {
        let variables = [("PEERAGE_HOME", ""), ("XDG_DATA_HOME", "data"), ("HOME", "/home/ada")];
        assert_eq!(
            choose(&variables, false).as_deref(),
            Some("/home/ada/.local/share/peerage")
        );
        assert_eq!(choose(&[], false), None);
    }
}
