//! What can go wrong with a private cluster, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why a private cluster cannot be made, started, stopped or asked. The text says what is wrong and where; [`ClusterError::hint`] what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// No home directory can be derived from the environment.
    #[error(
        "no directory for the private cluster: none of PEERAGE_HOME, XDG_DATA_HOME and HOME is set to an absolute path"
    )]
    NoHome,
    /// PostgreSQL's server programs were not found.
    #[error("PostgreSQL's server programs were not found in {}", .searched.join(", "))]
    NotInstalled {
        /// Where they were looked for.
        searched: Vec<String>,
    },
    /// The programs are too old for the settings used here.
    #[error("PostgreSQL {found} in `{}` is too old: 15 is the first that will do", .directory.display())]
    TooOld {
        /// Major version found.
        found: u32,
        /// Where.
        directory: PathBuf,
    },
    /// The data were made by a major version that is not installed.
    #[error("the data in `{}` are of PostgreSQL {data}, whose programs are not installed", .directory.display())]
    DataVersion {
        /// Major version of the data.
        data: u32,
        /// The data directory.
        directory: PathBuf,
    },
    /// A system user that is needed, or the caller's own name, is not known to the machine.
    #[error("the machine does not know the user `{user}`")]
    NoAccount {
        /// Name or number that was looked up.
        user: String,
    },
    /// The data belong to somebody else.
    #[error("`{}` belongs to the user `{owner}`, and you are `{caller}`", .path.display())]
    NotOwner {
        /// The data directory.
        path: PathBuf,
        /// Its owner.
        owner: String,
        /// Who asks.
        caller: String,
    },
    /// The user who runs the server cannot get to the data.
    #[error("the user `{user}`, who runs the server, may not enter `{}`", .directory.display())]
    NotReachable {
        /// Who is kept out.
        user: String,
        /// The first directory that keeps them out.
        directory: PathBuf,
    },
    /// The short socket directory is there already and cannot be trusted.
    #[error("`{}` is not a private directory of the user `{user}`, so no socket can be put there", .directory.display())]
    SocketDirectory {
        /// The directory.
        directory: PathBuf,
        /// Who should own it.
        user: String,
    },
    /// Another program listens on the cluster's port.
    #[error("port {port} on 127.0.0.1, which belongs to the private cluster, is taken by another program")]
    PortTaken {
        /// The port.
        port: u16,
        /// Where the port is kept.
        settings: PathBuf,
    },
    /// No free port was found.
    #[error("no free TCP port was found on 127.0.0.1 in {}..={}", .range.start(), .range.end())]
    NoPort {
        /// Where it was looked for.
        range: std::ops::RangeInclusive<u16>,
    },
    /// There is no cluster yet.
    #[error("there is no private cluster in `{}`", .home.display())]
    Absent {
        /// The home directory.
        home: PathBuf,
    },
    /// The settings file is not there, or lacks the port or the socket.
    #[error("`{}` does not say port and socket", .path.display())]
    NoSettings {
        /// The settings file.
        path: PathBuf,
    },
    /// One of PostgreSQL's programs failed.
    #[error("`{program}` failed in `{}`:\n{said}", .directory.display())]
    Program {
        /// Which program.
        program: &'static str,
        /// The data directory.
        directory: PathBuf,
        /// What it said, and the end of the server's log.
        said: String,
    },
    /// The server runs, but does not accept connections in time.
    #[error("the server in `{}` does not accept connections after {seconds} s:\n{said}", .directory.display())]
    NotReady {
        /// The data directory.
        directory: PathBuf,
        /// How long it was given, in seconds.
        seconds: u64,
        /// What the last attempt said, and the end of the server's log.
        said: String,
    },
    /// The database of the first start could not be made.
    #[error("the database `{database}` could not be made")]
    Database {
        /// Its name.
        database: String,
        /// Why.
        source: diesel::result::Error,
    },
    /// The logins of the cluster could not be made.
    #[error("the logins of the private cluster could not be made")]
    Logins {
        /// Why.
        source: diesel::result::Error,
    },
    /// The operating system refused something.
    #[error("cannot {action} `{}`", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl ClusterError {
    /// Makes an input or output error with its place; for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// What the reader can do about it, as one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::NoHome => "set PEERAGE_HOME to the directory where the cluster should live".to_owned(),
            Self::NotInstalled { .. } | Self::TooOld { .. } => {
                "run `scripts/install run`, or `apt-get install postgresql` (on Debian 12 that is postgresql-15; \
                 to keep Debian from starting a cluster of its own, put `create_main_cluster = false` \
                 into /etc/postgresql-common/createcluster.conf first)"
                    .to_owned()
            }
            Self::DataVersion { data, .. } => {
                format!("run `apt-get install postgresql-{data}`, or move the data with pg_upgrade")
            }
            Self::NoAccount { user } if user == crate::SUPERUSER => {
                "install PostgreSQL, which makes the user `postgres`, or run this as an ordinary user".to_owned()
            }
            Self::NoAccount { .. } => "run this as a user with an entry in /etc/passwd".to_owned(),
            Self::NotOwner { owner, .. } => {
                format!("run this as `{owner}` or as root, or set PEERAGE_HOME to a directory of your own")
            }
            Self::NotReachable { directory, .. } => format!(
                "set PEERAGE_HOME to a directory that others may enter, such as /var/lib/peerage, or run `chmod o+x {}`",
                directory.display()
            ),
            Self::SocketDirectory { directory, .. } => {
                format!(
                    "remove `{}`, or set PEERAGE_HOME to a shorter path",
                    directory.display()
                )
            }
            Self::PortTaken { port, settings } => format!(
                "`ss -ltnp 'sport = :{port}'` names that program: stop it, or write another port into `{}` and make the Asterisk nodes' \
                 configuration anew",
                settings.display()
            ),
            Self::NoPort { .. } => "`ss -ltn` lists what is taken: free one".to_owned(),
            Self::Absent { .. } => "run `peerage db start`, or set PEERAGE_HOME to where the cluster is".to_owned(),
            Self::NoSettings { .. } => "run `peerage db start`, which writes it anew with another port".to_owned(),
            Self::Program { directory, .. } | Self::NotReady { directory, .. } => {
                format!(
                    "read the whole log in `{}/start.log` and `{0}/log/`",
                    directory.display()
                )
            }
            Self::Database { .. } | Self::Logins { .. } => {
                "read the cause; then run `peerage db start` again".to_owned()
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "give yourself the right to it, or set PEERAGE_HOME to a directory of your own".to_owned()
            }
            Self::Io { .. } => "mend the cause, then try again".to_owned(),
        }
    }
}
