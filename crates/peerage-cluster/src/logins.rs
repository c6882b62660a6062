//! The logins of a private cluster: who may sign in as whom over the socket, and what the logins may do.
//!
//! Nobody works as superuser: [`ADMIN`] migrates and manages the roles of nodes, [`APP`] does everything else. Both sign in over
//! the socket by who runs the process, as the superuser does. A cluster of an earlier release gets them when it is started or migrated.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use peerage_store::migrate;

use crate::account::Account;
use crate::error::ClusterError;
use crate::{ADMIN, APP, SUPERUSER};

/// The name under which `pg_hba.conf` finds its lines in `pg_ident.conf`.
pub(crate) const MAP: &str = "peerage";

/// How often a login is tried that the server may not know yet.
const POLL: Duration = Duration::from_millis(20);

/// Adds to `pg_ident.conf` what is missing, and tells whether anything was.
pub(crate) fn admit(data: &Path, owner: &Account, caller: &Account) -> Result<bool, ClusterError> {
    let path = data.join("pg_ident.conf");
    let text = fs::read_to_string(&path).map_err(ClusterError::io("read", &path))?;
    let Some(complete) = completed(&text, &[&owner.name, &caller.name]) else {
        return Ok(false);
    };
    owner.write_file(&path, &complete, caller)?;
    Ok(true)
}

/// The map of a new cluster.
pub(crate) fn ident(owner: &Account, caller: &Account) -> String {
    let head = "# MAP  SYSTEM USER  ROLE\n";
    completed(head, &[&owner.name, &caller.name]).unwrap_or_else(|| head.to_owned())
}

/// The map with a line for each who may be superuser and each login; none when it has them all. Other lines stay as they are.
fn completed(text: &str, names: &[&str]) -> Option<String> {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|fields: &Vec<&str>| fields.first() == Some(&MAP))
        .collect();
    let mut users: Vec<&str> = lines
        .iter()
        .filter(|fields| fields.get(2) == Some(&SUPERUSER))
        .filter_map(|fields| fields.get(1))
        .map(|name| name.trim_matches('"'))
        .chain(names.iter().copied())
        .chain(["root"])
        .collect();
    users.sort_unstable();
    users.dedup();
    let mut complete = text.to_owned();
    if !complete.is_empty() && !complete.ends_with('\n') {
        complete.push('\n');
    }
    for user in users {
        for role in [SUPERUSER, ADMIN, APP] {
            let there = lines.iter().any(|fields| {
                fields.get(1).map(|name| name.trim_matches('"')) == Some(user) && fields.get(2) == Some(&role)
            });
            if !there {
                complete.push_str(&format!("{MAP}  \"{user}\"  {role}\n"));
            }
        }
    }
    (complete != text).then_some(complete)
}

/// Makes the logins of a private cluster, and their groups, on another server, whatever of it is missing. `url` is a superuser's.
///
/// # Errors
///
/// [`ClusterError::Logins`] when the server does not answer, or refuses.
pub fn provide_logins(url: &str) -> Result<(), ClusterError> {
    let failed = |source| ClusterError::Logins { source };
    let mut connection = PgConnection::establish(url)
        .map_err(|error| failed(diesel::result::Error::QueryBuilderError(Box::new(error))))?;
    migrate::prepare_roles(&mut connection).map_err(|error| match error {
        migrate::MigrateError::Roles { source } => failed(source),
        other => failed(diesel::result::Error::QueryBuilderError(Box::new(other))),
    })?;
    connection.batch_execute(include_str!("logins.sql")).map_err(failed)
}

/// Has a running server read the map again, and waits until a login is let in.
pub(crate) fn reread(superuser: &str, login: &str, patience: Duration) -> Result<(), ClusterError> {
    let failed = |source| ClusterError::Logins { source };
    let connect = |url: &str| {
        PgConnection::establish(url).map_err(|error| failed(diesel::result::Error::QueryBuilderError(Box::new(error))))
    };
    connect(superuser)?
        .batch_execute("select pg_catalog.pg_reload_conf()")
        .map_err(failed)?;
    let deadline = Instant::now() + patience;
    loop {
        match connect(login) {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() >= deadline => return Err(error),
            Err(_not_yet) => thread::sleep(POLL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_map_has_every_user_as_every_login() {
        let account = |name: &str, uid| Account {
            name: name.to_owned(),
            uid,
            gid: uid,
        };
        let map = ident(&account("postgres", 101), &account("ada", 1000));
        for user in ["ada", "postgres", "root"] {
            for role in [SUPERUSER, ADMIN, APP] {
                let line = format!("{MAP}  \"{user}\"  {role}\n");
                assert_eq!(map.matches(&line).count(), 1, "{map}");
            }
        }
        assert_eq!(completed(&map, &["ada"]), None);
    }

    #[test]
    fn the_map_of_an_earlier_release_keeps_its_lines_and_its_users() {
        let before = "# mine\nother  \"bob\"  postgres\npeerage  \"eve\"  postgres\npeerage  \"root\"  postgres";
        let after = completed(before, &["root"]).unwrap();
        assert!(after.starts_with(before), "{after}");
        assert!(after.contains("peerage  \"eve\"  peerage_admin\n"), "{after}");
        assert!(!after.contains("peerage  \"bob\""), "{after}");
        assert_eq!(completed(&after, &["root"]), None);
    }
}
