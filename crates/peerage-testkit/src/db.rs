//! Databases for tests: each test has one of its own, copied from a template that is prepared once per content of the schema and the views.
//!
//! They live in a cluster of the tests' own, in `test/` of the cache, which the first test starts and which is left running: `make test`
//! stops it at its end. To use another server, set `PEERAGE_TEST_DATABASE_URL` to a superuser's URL without a password, such as
//! `contrib/lab/lab postgres start` prints for the newest PostgreSQL. The logins `peerage` and `peerage_admin` are made there, and have to be let in
//! as the superuser is.
//!
//! Everything here panics when it fails, as a test does.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use anyhow::{Context, Result, ensure};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use peerage_cluster::{ADMIN, APP};

mod server;
mod sweep;
mod template;

use server::Server;

/// A database of one test's own; dropping it drops the database, whoever is still connected.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    url: String,
    app_url: String,
    owner_url: String,
}

/// How a database is reached over TCP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// An address, no name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Name of the database.
    pub database: String,
}

/// A role that signs in with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Name of the role; gone with the database it was made for.
    pub user: String,
    /// Its password.
    pub password: String,
}

impl TestDb {
    /// A database with all migrations and views.
    #[expect(clippy::new_without_default, reason = "a database is no default value of anything")]
    pub fn new() -> Self {
        must(Self::create(true))
    }

    /// A database with nothing in it.
    pub fn empty() -> Self {
        must(Self::create(false))
    }

    /// Its URL, as superuser over the socket.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its URL for everyday work, as a member of `peerage_app` over the socket: what commands and the service have where nothing is
    /// misconfigured.
    pub fn app_url(&self) -> &str {
        &self.app_url
    }

    /// Its URL as its owner, for migrations and the roles of nodes; otherwise as [`TestDb::app_url`].
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// Its name, `t_<process id>_<number>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lets agents have any outside number of two digits or more, and some service codes: for tests that are not about which.
    #[must_use]
    pub fn with_outside_numbers(self) -> Self {
        self.psql(
            "update peerage.site set outside_numbers = array['X.', '+X.', '*31#X.', '+39471*1#', '*72#', '#21', '#']",
        );
        self
    }

    /// A connection of one's own, as superuser.
    pub fn connect(&self) -> PgConnection {
        must(connect(&self.url))
    }

    /// Where Asterisk finds it. Over TCP everybody needs a password, see [`TestDb::login`].
    pub fn tcp(&self) -> Tcp {
        Tcp {
            host: "127.0.0.1".to_owned(),
            port: must(Server::get().port()),
            database: self.name.clone(),
        }
    }

    /// Makes a login role that is a member of these groups, for use over [`TestDb::tcp`].
    pub fn login(&self, groups: &[&str]) -> Login {
        let user = format!("{}_login_{}", self.name, next_number());
        let password = must(std::fs::read_to_string("/proc/sys/kernel/random/uuid").context("no random password"));
        let password = password.trim().to_owned();
        let mut sql = format!("create role {user} login password '{password}';");
        for group in groups {
            sql += &format!("grant {group} to {user};");
        }
        must(execute(Server::get(), &sql));
        Login { user, password }
    }

    /// Makes the login of an Asterisk node of this name, set up as `peerage node add` does it.
    pub fn node(&self, name: &str) -> Login {
        let login = self.login(&["peerage_asterisk"]);
        self.psql(&format!(
            "{}; insert into peerage.node (name, login) values ('{name}', '{}') on conflict (name) do update set login = excluded.login",
            Self::node_settings(&login.user),
            login.user
        ));
        login
    }

    /// What a node's role is set to.
    pub fn node_settings(role: &str) -> String {
        format!(
            "alter role {role} set search_path = asterisk, pg_catalog;
            alter role {role} set client_encoding = 'LATIN1';
            alter role {role} set statement_timeout = '10s';
            alter role {role} set lock_timeout = '2s'"
        )
    }

    /// What `psql` prints for these statements, run as superuser: unaligned, rows only, columns parted by `|`, without command tags and
    /// without the last line end. Panics with psql's message when a statement fails.
    pub fn psql(&self, sql: &str) -> String {
        must(self.try_psql(sql))
    }

    /// As [`TestDb::psql`], for statements that may fail.
    ///
    /// # Errors
    ///
    /// What psql says, with the SQLSTATE (`ERROR:  23505: ...`), the constraint's name and so on, each on a line of its own.
    pub fn try_psql(&self, sql: &str) -> Result<String> {
        let mut child = Command::new("psql")
            .args([
                "-XAtq",
                "--no-password",
                "-v",
                "ON_ERROR_STOP=1",
                "-v",
                "VERBOSITY=verbose",
                "-f",
                "-",
            ])
            .arg(&self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run psql; `scripts/install test` installs it")?;
        let mut stdin = child.stdin.take().context("psql has no standard input")?;
        // Written by a thread, for psql may answer before it has read all; it hangs up when it fails, hence no complaint.
        let sql = sql.to_owned();
        let writer = thread::spawn(move || stdin.write_all(sql.as_bytes()));
        let output = child.wait_with_output()?;
        let _ = writer.join();
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim_end_matches('\n').to_owned())
    }

    fn create(prepared: bool) -> Result<Self> {
        let server = Server::get();
        let name = format!("t_{}_{}", std::process::id(), next_number());
        let template = if prepared { template::name()? } else { "template1" };
        execute(
            server,
            &format!("create database {name} template {template} owner {ADMIN}"),
        )?;
        if prepared {
            execute(server, &peerage_store::hardening::of_copy(&name))?;
        }
        Ok(Self {
            url: server.url_for(&name)?,
            app_url: server.url_as(APP, &name)?,
            owner_url: server.url_as(ADMIN, &name)?,
            name,
        })
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // What is left over goes at the start of a later process.
        let _ = Server::get()
            .admin_url()
            .and_then(|url| sweep::remove(&url, &self.name));
    }
}

/// The directory of what is kept between runs, outside the checkout: `PEERAGE_CACHE`, else `/var/cache/peerage` for root, else
/// `$XDG_CACHE_HOME/peerage` or `~/.cache/peerage`.
///
/// # Errors
///
/// Nothing of that is set.
pub fn cache_dir() -> Result<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value: &OsString| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(cache) = set("PEERAGE_CACHE") {
        return Ok(std::path::absolute(cache)?);
    }
    if server::is_root() {
        return Ok(PathBuf::from("/var/cache/peerage"));
    }
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|caches| caches.join("peerage"))
        .context("set PEERAGE_CACHE: there is neither XDG_CACHE_HOME nor HOME")
}

fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::establish(url).with_context(|| format!("cannot connect to {url}"))
}

fn execute(server: &Server, sql: &str) -> Result<()> {
    connect(&server.admin_url()?)?
        .batch_execute(sql)
        .with_context(|| sql.to_owned())
}

fn next_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[track_caller]
fn must<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error:?}"),
    }
}
