//! A PostgreSQL server of the benchmark's own, set up as `peerage up` sets up its private one: commits reach the disk.

use anyhow::{Context, Result};
use diesel::{Connection, PgConnection};
use peerage_cluster::Cluster;
use tempfile::TempDir;

/// Gone, with its data, when dropped.
pub(crate) struct Server {
    cluster: Cluster,
    _home: TempDir,
}

impl Server {
    /// Starts it, with all migrations and views.
    pub(crate) fn start() -> Result<Self> {
        let cache = peerage_testkit::db::cache_dir()?;
        std::fs::create_dir_all(&cache)?;
        let home = tempfile::Builder::new().prefix("bench-").tempdir_in(cache)?;
        let cluster = Cluster::at(home.path());
        cluster.start()?;
        let server = Self { cluster, _home: home };
        peerage_views::install::migrate(&mut server.connect()?)?;
        Ok(server)
    }

    /// A connection as superuser.
    pub(crate) fn connect(&self) -> Result<PgConnection> {
        PgConnection::establish(&self.cluster.url()?).context("could not connect to the benchmark's server")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The folder goes next; a server that would not stop says so in its log.
        let _ = self.cluster.stop();
    }
}
