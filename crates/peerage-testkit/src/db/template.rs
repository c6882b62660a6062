//! The prepared database that tests copy.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use anyhow::Result;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::server::Server;
use peerage_cluster::ADMIN;

use super::{connect, must};

/// Changes with whatever decides what a prepared database looks like: what is embedded in this very program, not what
/// the files say by now.
fn hash() -> String {
    let views = peerage_views::script::compile().hash;
    let mut looks = DefaultHasher::new();
    peerage_store::FINGERPRINT.hash(&mut looks);
    format!(
        "{}{}{:08x}",
        peerage_store::migrate::CONTENT_HASH,
        views.get(..8).unwrap_or(&views),
        looks.finish() >> 32
    )
}

/// Templates of other versions of the tree that are kept: clones share the cluster.
const KEPT: u32 = 5;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Brings an empty database to what a test expects: migrations, roles, views. As a plain owner who may create roles, as at most sites; what takes a
/// superuser is then put in force by one.
fn prepare(server: &Server, database: &str) -> Result<()> {
    peerage_views::install::migrate(&mut connect(&server.url_as(ADMIN, database)?)?)?;
    let mut superuser = connect(&server.url_for(database)?)?;
    superuser.batch_execute("set search_path = pg_catalog, pg_temp")?;
    peerage_store::hardening::mend(&mut superuser)?;
    Ok(())
}

/// The template's name, after seeing to it that it is there; looked for once per process.
pub(super) fn name() -> Result<&'static str> {
    static NAME: OnceLock<String> = OnceLock::new();
    Ok(NAME.get_or_init(|| must(ensure(Server::get(), &hash()))))
}

/// Makes the template if it is not there. One process at a time does: the others wait for it, and find it made.
fn ensure(server: &Server, hash: &str) -> Result<String> {
    let name = format!("peerage_template_{hash}");
    let mut connection = connect(&server.admin_url()?)?;
    // Held until the connection ends, also by an error.
    connection.batch_execute("select pg_advisory_lock(hashtext('peerage_template'))")?;
    let exists = "exists (select from pg_database where datname = '";
    let exists = diesel::select(diesel::dsl::sql::<Bool>(&format!("{exists}{name}')")));
    if exists.get_result::<bool>(&mut connection)? {
        return Ok(name);
    }
    // It gets its name when it is whole.
    let unfinished = format!("{name}_unfinished");
    connection.batch_execute(&format!("drop database if exists {unfinished} with (force)"))?;
    connection.batch_execute(&format!("create database {unfinished} owner {ADMIN}"))?;
    prepare(server, &unfinished)?;
    // A database cannot be copied while somebody is connected to it.
    connection.batch_execute(&format!("alter database {unfinished} allow_connections false"))?;
    connection.batch_execute(&format!("alter database {unfinished} rename to {name}"))?;
    forget_old(&mut connection)?;
    Ok(name)
}

/// Drops templates that are neither recent nor a day young.
fn forget_old(connection: &mut PgConnection) -> Result<()> {
    let query = format!(
        "with template as (
          select
            datname,
            (pg_stat_file(format('base/%s/PG_VERSION', oid), true)).modification as made_at
          from pg_database
          where datname ~ '^peerage_template_[0-9a-f]+$'
        ), ranked as (
          select datname, made_at, row_number() over (order by made_at desc) as age_rank
          from template
        )
        select datname::text as name
        from ranked
        where age_rank > {KEPT} and made_at < now() - interval '1 day'"
    );
    for Name { name } in diesel::sql_query(query).load(connection)? {
        // Somebody may be copying it at this moment; then it is not that old.
        let _ = connection.batch_execute(&format!("drop database if exists {name}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::super::{execute, sweep};
    use super::*;

    #[test]
    fn several_who_need_the_template_at_once_get_the_same_one() {
        let hash = format!("{:016x}", u64::from(std::process::id()) << 32);
        let makers: Vec<_> = (0..4)
            .map(|_| hash.clone())
            .map(|hash| thread::spawn(move || must(ensure(Server::get(), &hash))))
            .collect();
        let mut names: Vec<_> = makers.into_iter().map(|maker| maker.join().unwrap()).collect();
        names.dedup();
        assert_eq!(names.len(), 1, "{names:?}");
        let name = &names[0];
        let copy = format!("t_{}_9999999", std::process::id());
        must(execute(
            Server::get(),
            &format!("create database {copy} template {name}"),
        ));
        must(sweep::remove(&must(Server::get().admin_url()), &copy));
        must(execute(Server::get(), &format!("drop database {name}")));
    }
}
