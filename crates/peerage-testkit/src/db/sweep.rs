//! Removes databases of tests, and the roles made for them.

use std::path::Path;

use anyhow::Result;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connect;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Drops a database and the roles named after it. `admin_url` is a superuser's.
pub(super) fn remove(admin_url: &str, database: &str) -> Result<()> {
    let mut connection = connect(admin_url)?;
    connection.batch_execute(&format!("drop database if exists {database} with (force)"))?;
    let roles = "select rolname as name from pg_roles where starts_with(rolname, $1)";
    let prefix = format!("{database}_login_");
    for role in diesel::sql_query(roles)
        .bind::<Text, _>(prefix)
        .load::<Name>(&mut connection)?
    {
        connection.batch_execute(&format!("drop role if exists {}", role.name))?;
    }
    Ok(())
}

/// Drops what processes that are gone have left: killed ones cannot clean up.
pub(super) fn leftovers(admin_url: &str) -> Result<()> {
    let mut connection = connect(admin_url)?;
    let query = r"select datname as name from pg_database where datname ~ '^t_[0-9]+_[0-9]+$'";
    for Name { name } in diesel::sql_query(query).load(&mut connection)? {
        if owner_is_gone(&name) {
            // Another process may be at it too.
            let _ = remove(admin_url, &name);
        }
    }
    Ok(())
}

fn owner_is_gone(database: &str) -> bool {
    let pid = database.split('_').nth(1).unwrap_or_default();
    !Path::new("/proc").join(pid).exists()
}

#[cfg(test)]
mod tests {
    use super::super::server::Server;
    use super::super::{TestDb, execute, must};
    use super::*;

    #[test]
    fn what_a_dead_process_left_is_removed_and_what_a_living_one_uses_is_kept() {
        let alive = TestDb::empty();
        // Beyond the largest process id that Linux gives (`pid_max`, 2^22).
        let dead = format!("t_4194305_{}", std::process::id());
        must(execute(Server::get(), &format!("create database {dead}")));
        must(execute(Server::get(), &format!("create role {dead}_login_0")));
        must(leftovers(&must(Server::get().admin_url())));
        let there = format!(
            "select count(*) from pg_database where datname in ('{}', '{dead}')",
            alive.name()
        );
        assert_eq!(alive.psql(&there), "1");
        assert_eq!(
            alive.psql(&format!("select count(*) from pg_roles where rolname like '{dead}%'")),
            "0"
        );
    }
}
