//! The server that the tests' databases are on.

use std::env::VarError;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail};
use diesel::prelude::*;
use diesel::sql_types::Text;
use peerage_cluster::{Cluster, Profile, provide_logins};

use super::{cache_dir, connect, must, sweep};

/// Where administration happens: a database that every server has, and that no test uses.
const ADMIN: &str = "postgres";

#[derive(Debug)]
pub(super) enum Server {
    /// The tests' own cluster. The file says, as long as this process lives, that it is in use: whoever wants to stop the cluster waits
    /// for a lock on it that excludes all others.
    Own(Cluster, #[expect(dead_code, reason = "held for its lock")] File),
    /// One that `PEERAGE_TEST_DATABASE_URL` names. Its logins are made there, and sign in as the superuser does.
    Given(String),
}

impl Server {
    /// The server of this process, started and swept on first use.
    pub(super) fn get() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| must(Self::find()))
    }

    fn find() -> Result<Self> {
        match std::env::var("PEERAGE_TEST_DATABASE_URL") {
            Ok(url) if !url.is_empty() => {
                refuse_password(&url)?;
                let server = Self::Given(url);
                provide_logins(&server.admin_url()?).map_err(|error| anyhow!("{error}\nhint: {}", error.hint()))?;
                return Ok(server);
            }
            Ok(_) | Err(VarError::NotPresent) => {}
            Err(error) => return Err(error).context("PEERAGE_TEST_DATABASE_URL"),
        }
        let home = cache_dir()?.join("test");
        fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
        let in_use = File::create(home.join("in-use.lock"))?;
        in_use.lock_shared()?;
        let cluster = Cluster::at(home).with_profile(Profile::Test);
        cluster
            .start()
            .map_err(|error| anyhow!("{error}\nhint: {}", error.hint()))?;
        let server = Self::Own(cluster, in_use);
        sweep::leftovers(&server.admin_url()?)?;
        Ok(server)
    }

    /// A superuser's URL of one of its databases.
    pub(super) fn url_for(&self, database: &str) -> Result<String> {
        match self {
            Self::Own(cluster, _) => Ok(cluster.url_for(database)?),
            Self::Given(url) => with_database(url, database),
        }
    }

    /// The same as one of the logins that the private cluster has.
    pub(super) fn url_as(&self, login: &str, database: &str) -> Result<String> {
        match self {
            Self::Own(cluster, _) => Ok(cluster.url_as(login, database)?),
            Self::Given(url) => with_user(&with_database(url, database)?, login),
        }
    }

    pub(super) fn admin_url(&self) -> Result<String> {
        self.url_for(ADMIN)
    }

    /// Its TCP port on 127.0.0.1.
    pub(super) fn port(&self) -> Result<u16> {
        match self {
            Self::Own(cluster, _) => Ok(cluster.port()?),
            Self::Given(_) => {
                let mut connection = connect(&self.admin_url()?)?;
                let port = diesel::select(diesel::dsl::sql::<Text>("current_setting('port')"));
                Ok(port.get_result::<String>(&mut connection)?.parse()?)
            }
        }
    }
}

pub(super) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The URL with another database in its path.
fn with_database(url: &str, database: &str) -> Result<String> {
    let (scheme, rest) = url.split_once("://").context("PEERAGE_TEST_DATABASE_URL is no URL")?;
    let (place, query) = rest
        .split_once('?')
        .map_or((rest, String::new()), |(place, query)| (place, format!("?{query}")));
    let authority = place.split('/').next().unwrap_or_default();
    Ok(format!("{scheme}://{authority}/{database}{query}"))
}

/// The URL of another user.
fn with_user(url: &str, user: &str) -> Result<String> {
    let (scheme, rest) = url.split_once("://").context("PEERAGE_TEST_DATABASE_URL is no URL")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = place.split_once('@').map_or(place, |(_, place)| place);
    let others = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("user="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("user={user}")]).collect();
    Ok(format!("{scheme}://{place}?{}", query.join("&")))
}

/// URLs are handed to psql on its command line, which everybody on the machine can read.
fn refuse_password(url: &str) -> Result<()> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let user = rest.split_once('@').map_or("", |(user, _)| user);
    if user.contains(':') || rest.contains("password=") {
        bail!("PEERAGE_TEST_DATABASE_URL holds a password: put it into PGPASSWORD or ~/.pgpass");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_of_a_url_is_replaced() {
        let replaced = |url| with_database(url, "t_1_2").unwrap();
        assert_eq!(
            replaced("postgresql:///x?host=/run&port=5"),
            "postgresql:///t_1_2?host=/run&port=5"
        );
        assert_eq!(
            replaced("postgres://me@127.0.0.1:5432/x"),
            "postgres://me@127.0.0.1:5432/t_1_2"
        );
        assert_eq!(replaced("postgres://127.0.0.1"), "postgres://127.0.0.1/t_1_2");
        assert!(with_database("host=/run", "x").is_err());
    }

    #[test]
    fn only_the_user_of_a_url_is_replaced() {
        let replaced = |url| with_user(url, "ada").unwrap();
        assert_eq!(
            replaced("postgresql:///x?host=/run&user=postgres&port=5"),
            "postgresql:///x?host=/run&port=5&user=ada"
        );
        assert_eq!(
            replaced("postgres://me@127.0.0.1:5432/x"),
            "postgres://127.0.0.1:5432/x?user=ada"
        );
    }

    #[test]
    fn a_password_in_the_url_is_refused() {
        assert!(refuse_password("postgres://me:secret@host/x").is_err());
        assert!(refuse_password("postgres:///x?user=me&password=secret").is_err());
        assert!(refuse_password("postgres://me@host:5432/x").is_ok());
    }
}
