//! Users of the machine, as `id` (GNU coreutils) tells them, and programs run in their name.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::ClusterError;

/// A user of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// Who runs this process.
    pub(crate) fn current() -> Result<Self, ClusterError> {
        Self::ask(None)
    }

    /// The system user that Debian's PostgreSQL packages make.
    pub(crate) fn postgres() -> Result<Self, ClusterError> {
        Self::ask(Some(crate::SUPERUSER))
    }

    /// Who owns this file or directory.
    pub(crate) fn owning(path: &Path) -> Result<Self, ClusterError> {
        let uid = fs::metadata(path).map_err(ClusterError::io("read", path))?.uid();
        let current = Self::current()?;
        if current.uid == uid {
            Ok(current)
        } else {
            Self::ask(Some(&uid.to_string()))
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// A program to be run as this user by `caller`, with nothing of the caller's environment: it may hold secrets, which a long-lived
    /// server would show to whoever may read its environment, and PG* variables, which would lead PostgreSQL's programs astray.
    pub(crate) fn command(&self, program: impl AsRef<Path>, caller: &Self) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .current_dir("/")
            .stdin(Stdio::null());
        if self.uid != caller.uid {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Writes a file in this user's name, readable to nobody else, whole or not at all. Not as root, whom a link in another's directory could lead
    /// anywhere.
    pub(crate) fn write_file(&self, path: &Path, text: &str, caller: &Self) -> Result<(), ClusterError> {
        let failed = |source| ClusterError::io("write", path)(source);
        let script = r#"umask 077 && cat > "$1.new" && mv -f "$1.new" "$1""#;
        let mut command = self.command("sh", caller);
        command
            .args(["-c", script, "sh"])
            .arg(path)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes()).map_err(failed)?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            return Ok(());
        }
        Err(failed(io::Error::other(String::from_utf8_lossy(&output.stderr).trim())))
    }

    fn ask(user: Option<&str>) -> Result<Self, ClusterError> {
        let output = Command::new("id")
            .env("LC_ALL", "C")
            .args(user)
            .stdin(Stdio::null())
            .output()
            .map_err(ClusterError::io("run", Path::new("id")))?;
        parse(&String::from_utf8_lossy(&output.stdout)).ok_or_else(|| ClusterError::NoAccount {
            user: user.unwrap_or("yourself").to_owned(),
        })
    }
}

/// Reads `uid=101(postgres) gid=104(postgres) groups=...`; a number without a name is no account.
fn parse(text: &str) -> Option<Account> {
    let mut fields = text.split_whitespace();
    let (uid, name) = fields
        .next()?
        .strip_prefix("uid=")?
        .strip_suffix(')')?
        .split_once('(')?;
    let gid = fields.next()?.strip_prefix("gid=")?;
    let gid = gid.split_once('(').map_or(gid, |(number, _)| number);
    Some(Account {
        name: name.to_owned(),
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_what_id_prints() {
        let account = parse("uid=101(postgres) gid=104(postgres) groups=104(postgres),103(ssl-cert)\n").unwrap();
        assert_eq!(
            (account.name.as_str(), account.uid, account.gid),
            ("postgres", 101, 104)
        );
        assert_eq!(parse("uid=12(ada) gid=34 groups=34").unwrap().gid, 34);
    }

    #[test]
    fn a_number_without_a_name_is_no_account() {
        assert_eq!(parse("uid=4711 gid=0(root) groups=0(root)"), None);
        assert_eq!(parse(""), None);
    }
}
