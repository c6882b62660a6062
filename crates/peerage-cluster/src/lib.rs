#![doc = include_str!("../README.md")]

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

mod account;
mod binaries;
mod error;
mod home;
mod init;
mod logins;
mod port;
mod server;
mod settings;
mod socket;

pub use error::ClusterError;
pub use home::Home;
pub use logins::provide_logins;
pub use settings::Profile;

use account::Account;
use binaries::Binaries;
use server::Server;

/// The superuser of the cluster. Root, the owner and the caller may sign in as it over the socket, and nothing of Peerage does once the
/// cluster runs.
pub const SUPERUSER: &str = "postgres";

/// The login that migrates, and that makes and changes the roles of nodes: it owns the database and is a member of `peerage_owner`.
pub const ADMIN: &str = "peerage_admin";

/// The login for everything else: a member of `peerage_app`.
pub const APP: &str = "peerage";

/// The database that the first start makes.
pub const DATABASE: &str = "peerage";

/// How long a server may take to start, to become ready, or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long what a crashed server leaves behind may take to end.
const AFTERMATH: Duration = Duration::from_secs(20);

/// How often a start is tried meanwhile.
const POLL: Duration = Duration::from_millis(100);

/// A private cluster, running or not.
#[derive(Debug, Clone)]
pub struct Cluster {
    home: PathBuf,
    binaries: Option<PathBuf>,
    profile: Profile,
}

/// What a cluster is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was never started: there is no data directory.
    Absent,
    /// The data are there, no server runs.
    Stopped,
    /// A server runs, perhaps still starting.
    Running {
        /// Process id of the postmaster.
        pid: u32,
    },
}

/// Whether a call changed anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The call did what its name says.
    Done,
    /// It was so already.
    Nothing,
}

impl Cluster {
    /// The cluster under this home directory, which need not exist yet. A relative path is taken from the working directory.
    pub fn at(home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        Self {
            home: std::path::absolute(&home).unwrap_or(home),
            binaries: None,
            profile: Profile::Durable,
        }
    }

    /// Takes these settings at the next start; [`Profile::Durable`] unless said otherwise.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Takes PostgreSQL's programs from this directory instead of looking for them.
    #[must_use]
    pub fn with_binaries(mut self, directory: impl Into<PathBuf>) -> Self {
        self.binaries = Some(directory.into());
        self
    }

    /// The home directory, absolute.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Makes the cluster if it is not there, starts the server if it does not run, and returns when it accepts connections.
    /// Safe to call from several processes at once: one of them starts it, the others find it running.
    ///
    /// # Errors
    ///
    /// PostgreSQL is not installed, the home directory cannot be used, the port is taken, or the server does not start.
    pub fn start(&self) -> Result<Change, ClusterError> {
        let caller = Account::current()?;
        home::create(&self.home)?;
        let _lock = self.lock()?;
        let owner = self.owner(&caller)?;
        let data = self.data();
        let binaries = Binaries::find(self.binaries.as_deref(), &data)?;
        if !self.is_initialised() {
            init::cluster(&self.home, &data, &binaries, &owner, &caller, self.profile)?;
        }
        let admitted = logins::admit(&data, &owner, &caller)?;
        let server = Server::new(&data, &binaries, &owner, &caller);
        let change = if server.answers(|| self.url_for(SUPERUSER), PATIENCE)? {
            Change::Nothing
        } else {
            self.start_anew(&server, &owner, &caller)?;
            Change::Done
        };
        let superuser = self.url_for(SUPERUSER)?;
        provide_logins(&superuser)?;
        init::database(&superuser, DATABASE, ADMIN)?;
        init::harden(&self.url()?, DATABASE)?;
        if admitted && change == Change::Nothing {
            logins::reread(&superuser, &self.url_as(APP, DATABASE)?, PATIENCE)?;
        }
        Ok(change)
    }

    /// Starts a server that does not run. What a crashed one leaves behind holds port, socket and memory for a moment longer.
    fn start_anew(&self, server: &Server<'_>, owner: &Account, caller: &Account) -> Result<(), ClusterError> {
        let crashed = server.has_crashed()?;
        let deadline = Instant::now() + AFTERMATH;
        loop {
            let started = self.configure(owner, caller).and_then(|()| server.start(PATIENCE));
            match started {
                Err(_) if crashed && Instant::now() < deadline => thread::sleep(POLL),
                started => return started,
            }
        }
    }

    /// Stops the server if it runs: open transactions are rolled back, clients disconnected, data written out.
    ///
    /// # Errors
    ///
    /// The caller may not, or the server has not stopped after a minute.
    pub fn stop(&self) -> Result<Change, ClusterError> {
        if !self.is_initialised() {
            return Ok(Change::Nothing);
        }
        let caller = Account::current()?;
        let _lock = self.lock()?;
        let owner = self.owner(&caller)?;
        let data = self.data();
        let binaries = Binaries::find(self.binaries.as_deref(), &data)?;
        let server = Server::new(&data, &binaries, &owner, &caller);
        if server.pid()?.is_none() {
            return Ok(Change::Nothing);
        }
        server.stop(PATIENCE)?;
        Ok(Change::Done)
    }

    /// What the cluster is doing at this moment.
    ///
    /// # Errors
    ///
    /// The data directory belongs to another user.
    pub fn status(&self) -> Result<Status, ClusterError> {
        if !self.is_initialised() {
            return Ok(Status::Absent);
        }
        self.owner(&Account::current()?)?;
        let status = server::running_pid(&self.data())?.map_or(Status::Stopped, |pid| Status::Running { pid });
        Ok(status)
    }

    /// A URL of the database `peerage`, as superuser over the socket, for libpq and tokio-postgres alike. It holds no secret, and works for
    /// root, for the owner of the data and for whoever made the cluster.
    ///
    /// # Errors
    ///
    /// The cluster was never started, or its data belong to another user.
    pub fn url(&self) -> Result<String, ClusterError> {
        self.url_for(DATABASE)
    }

    /// As [`Cluster::url`], for another database of the cluster, whose name is letters, digits and `_`.
    ///
    /// # Errors
    ///
    /// As [`Cluster::url`].
    pub fn url_for(&self, database: &str) -> Result<String, ClusterError> {
        self.url_as(SUPERUSER, database)
    }

    /// As [`Cluster::url_for`], as one of the logins [`ADMIN`] and [`APP`].
    ///
    /// # Errors
    ///
    /// As [`Cluster::url`].
    pub fn url_as(&self, login: &str, database: &str) -> Result<String, ClusterError> {
        let kept = self.kept()?;
        Ok(format!(
            "postgresql:///{database}?host={}&user={login}&port={}",
            kept.socket.display(),
            kept.port
        ))
    }

    /// The TCP port on 127.0.0.1, chosen when the cluster was made.
    ///
    /// # Errors
    ///
    /// As [`Cluster::url`].
    pub fn port(&self) -> Result<u16, ClusterError> {
        Ok(self.kept()?.port)
    }

    fn data(&self) -> PathBuf {
        self.home.join("pg")
    }

    /// A data directory gets its name when it is complete, so its presence is enough.
    fn is_initialised(&self) -> bool {
        self.data().is_dir()
    }

    fn kept(&self) -> Result<settings::Kept, ClusterError> {
        if !self.is_initialised() {
            return Err(ClusterError::Absent {
                home: self.home.clone(),
            });
        }
        settings::read(&self.data())
    }

    /// Writes the settings of the next run, after seeing that the port is free.
    fn configure(&self, owner: &Account, caller: &Account) -> Result<(), ClusterError> {
        let port = match settings::read(&self.data()) {
            Ok(kept) if port::is_free(kept.port) => kept.port,
            Ok(kept) => {
                return Err(ClusterError::PortTaken {
                    port: kept.port,
                    settings: settings::path(&self.data()),
                });
            }
            // Not looked at a second time: the first look can still hold it, in a child that another thread is just starting.
            Err(ClusterError::NoSettings { .. }) => port::choose()?,
            Err(error) => return Err(error),
        };
        let socket = socket::directory(&self.home, owner, caller)?;
        settings::write(
            &self.data(),
            self.profile,
            &settings::Kept { port, socket },
            owner,
            caller,
        )
    }

    /// Who runs the server.
    fn owner(&self, caller: &Account) -> Result<Account, ClusterError> {
        if !self.is_initialised() {
            return if caller.is_root() {
                Account::postgres()
            } else {
                Ok(caller.clone())
            };
        }
        let owner = Account::owning(&self.data())?;
        if !caller.is_root() && caller.uid != owner.uid {
            return Err(ClusterError::NotOwner {
                path: self.data(),
                owner: owner.name,
                caller: caller.name.clone(),
            });
        }
        Ok(owner)
    }

    /// Waits for the right to make, start or stop this cluster; given back when the file is dropped, also by a crash.
    fn lock(&self) -> Result<File, ClusterError> {
        let path = self.home.join("cluster.lock");
        let file = match OpenOptions::new().create(true).append(true).open(&path) {
            // Root may have made it before the owner came; to lock, reading is enough.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => File::open(&path),
            other => other,
        };
        let locked = file.and_then(|file| file.lock().map(|()| file));
        locked.map_err(ClusterError::io("lock", &path))
    }
}
