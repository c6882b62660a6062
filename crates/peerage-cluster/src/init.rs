//! Makes a cluster: data directory, who may connect, first database.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::Bool;
use diesel::{Connection, RunQueryDsl};
use peerage_store::{SEARCH_PATH, hardening};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::ClusterError;
use crate::logins::{MAP, ident};
use crate::server::{self, run};
use crate::{Profile, SUPERUSER, home};

/// Makes the data directory under another name and gives it its own when it is complete: half a one is never taken for a whole.
pub(crate) fn cluster(
    home: &Path,
    data: &Path,
    binaries: &Binaries,
    owner: &Account,
    caller: &Account,
    profile: Profile,
) -> Result<(), ClusterError> {
    require_passage(home, owner, caller)?;
    let unfinished = home.join("pg.unfinished");
    match fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(ClusterError::io("remove", &unfinished)(error));
        }
        _ => {}
    }
    home::make(&unfinished, 0o700)?;
    if owner.uid != caller.uid {
        std::os::unix::fs::lchown(&unfinished, Some(owner.uid), Some(owner.gid))
            .map_err(ClusterError::io("hand over", &unfinished))?;
    }
    initdb(&unfinished, binaries, owner, caller, profile)?;
    owner.write_file(&unfinished.join("pg_hba.conf"), &hba(), caller)?;
    owner.write_file(&unfinished.join("pg_ident.conf"), &ident(owner, caller), caller)?;
    let main = unfinished.join("postgresql.conf");
    let text = fs::read_to_string(&main).map_err(ClusterError::io("read", &main))?;
    owner.write_file(
        &main,
        &format!("{text}\n# Written at each start.\ninclude_if_exists 'peerage.conf'\n"),
        caller,
    )?;
    fs::rename(&unfinished, data).map_err(ClusterError::io("rename", &unfinished))
}

/// Makes a database in a running server, if it is not there, has this role own it, and closes the others. Names are ours, so they need no quotes.
pub(crate) fn database(admin_url: &str, name: &str, owner: &str) -> Result<(), ClusterError> {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let attempt = || -> Result<(), diesel::result::Error> {
        let mut connection = PgConnection::establish(admin_url)
            .map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
        let mut is = |what: &str| {
            let query = format!("select exists (select from pg_database where datname = '{name}' {what}) as found");
            let found: Result<Found, _> = diesel::sql_query(query).get_result(&mut connection);
            found.map(|row| row.found)
        };
        if !is(&format!("and pg_get_userbyid(datdba) = '{owner}'"))? {
            let statement = if is("")? {
                format!("alter database {name} owner to {owner}")
            } else {
                format!("create database {name} owner {owner}")
            };
            connection.batch_execute(&statement)?;
        }
        hardening::close_others(&mut connection)
    };
    attempt().map_err(|source| ClusterError::Database {
        database: name.to_owned(),
        source,
    })
}

/// Text sorts by ICU's rules for English: the same on every machine, whatever locales it has, and as people expect. (Keys that Asterisk looks
/// up have the collation "C" of their own.) A build without ICU takes the C library's en_US.
fn initdb(
    data: &Path,
    binaries: &Binaries,
    owner: &Account,
    caller: &Account,
    profile: Profile,
) -> Result<(), ClusterError> {
    let attempt = |locale: &[&str]| {
        let mut command = owner.command(binaries.program("initdb"), caller);
        command
            .arg("--pgdata")
            .arg(data)
            .args(["--encoding=UTF8", "--auth-local=peer", "--auth-host=scram-sha-256"]);
        command
            .args(["--data-checksums", "--no-instructions"])
            .arg(format!("--username={SUPERUSER}"))
            .args(locale);
        if profile == Profile::Test {
            command.arg("--no-sync");
        }
        run("initdb", data, &mut command)
    };
    match attempt(&["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"]) {
        // initdb cleans up after itself, so the directory is empty again.
        Err(ClusterError::Program { said, .. }) if said.contains("ICU is not supported") => {
            attempt(&["--locale=en_US.UTF-8"])
        }
        other => other,
    }
}

/// The socket by who you are, TCP by password, and from this machine only; nothing is trusted.
fn hba() -> String {
    format!(
        "\
# TYPE  DATABASE  USER  ADDRESS       METHOD
local   all       all                 peer map={MAP}
host    all       all   127.0.0.1/32  scram-sha-256
"
    )
}

/// Puts in force what takes a superuser.
pub(crate) fn harden(url: &str, database: &str) -> Result<(), ClusterError> {
    let attempt = || -> Result<(), diesel::result::Error> {
        let mut connection =
            PgConnection::establish(url).map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
        // A superuser in a database whose owner is none.
        connection.batch_execute(SEARCH_PATH)?;
        hardening::mend(&mut connection).map(drop)
    };
    attempt().map_err(|source| ClusterError::Database {
        database: database.to_owned(),
        source,
    })
}

/// Says which directory keeps the owner out, rather than letting initdb fail with less.
fn require_passage(home: &Path, owner: &Account, caller: &Account) -> Result<(), ClusterError> {
    let may_enter = |directory: &Path| server::succeeds(owner.command("test", caller).arg("-x").arg(directory));
    if owner.uid == caller.uid || may_enter(home) {
        return Ok(());
    }
    let mut ancestors: Vec<_> = home.ancestors().collect();
    ancestors.reverse();
    let closed = ancestors.into_iter().find(|directory| !may_enter(directory));
    Err(ClusterError::NotReachable {
        user: owner.name.clone(),
        directory: closed.unwrap_or(home).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_trusted() {
        let lines: Vec<_> = hba()
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.ends_with("peer map=peerage") || line.ends_with("scram-sha-256"))
        );
    }
}
