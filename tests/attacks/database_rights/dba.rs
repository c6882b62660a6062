//! On a server of somebody else's: what the session may not put in force is told with the statement for whoever may.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use peerage_store::hardening;
use peerage_testkit::db::TestDb;

use super::scene::centre;

/// A login that may make roles, and nothing with a database that is not its own.
fn guest(db: &TestDb) -> PgConnection {
    let login = db.login(&[]);
    db.psql(&format!(
        "alter role {user} createrole; grant create, connect on database {name} to {user};",
        user = login.user,
        name = db.name()
    ));
    let tcp = db.tcp();
    PgConnection::establish(&format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    ))
    .unwrap()
}

#[test]
fn statements_for_the_dba_are_told_and_put_everything_in_force() {
    let db = TestDb::empty();
    let mut guest = guest(&db);
    let told = peerage_views::install::migrate(&mut guest).unwrap().missing;
    let statements: Vec<&str> = told.iter().map(|item| item.statement.as_str()).collect();
    for part in [
        "grant connect on database",
        "revoke connect, temporary on database",
        "lo_create(oid)",
        "pg_advisory_lock(bigint)",
        "set temp_file_limit",
    ] {
        assert!(
            statements.iter().any(|statement| statement.contains(part)),
            "{part}: {statements:?}"
        );
    }
    // Nothing was done by halves: the session still gets in, and says the same again.
    assert_eq!(hardening::mend(&mut guest).unwrap(), told);
    for statement in &statements {
        db.psql(statement);
    }
    assert_eq!(hardening::missing(&mut guest).unwrap(), []);
}

#[test]
fn an_owner_of_the_database_closes_it_alone() {
    let db = TestDb::empty();
    let login = db.login(&[]);
    db.psql(&format!(
        "alter role {user} createrole; alter database {name} owner to {user}",
        user = login.user,
        name = db.name()
    ));
    let tcp = db.tcp();
    let url = format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    );
    let mut owner = PgConnection::establish(&url).unwrap();
    let told = peerage_views::install::migrate(&mut owner).unwrap().missing;
    assert!(
        told.iter().all(|item| !item.statement.contains("on database")),
        "{told:?}"
    );
    assert_eq!(
        db.psql("select count(*) from pg_database, aclexplode(datacl) as item where datname = current_database() and item.grantee = 0"),
        "0"
    );
    assert!(PgConnection::establish(&url).is_ok());
}

#[test]
fn a_login_whose_limits_are_gone_is_named_and_gets_them_back() {
    let db = centre();
    let mut conn = db.connect();
    assert_eq!(hardening::mend(&mut conn).unwrap(), []);
    let login = format!("{}_login_pbx", db.name());
    super::scene::store(&db)
        .add_node(&"pbx-1".parse().unwrap(), Some(&login.parse().unwrap()))
        .unwrap();
    assert_eq!(hardening::missing(&mut conn).unwrap(), []);
    // What the login may do itself, and what a DBA may have done.
    conn.batch_execute(&format!(
        "alter role {login} set statement_timeout = 0;
         alter role {login} reset idle_in_transaction_session_timeout;
         alter role {login} connection limit -1 createdb;
         revoke {login} from peerage_owner;"
    ))
    .unwrap();
    let told = hardening::missing(&mut conn).unwrap();
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|item| item.what.contains(&login)), "{told:?}");
    assert_eq!(hardening::mend(&mut conn).unwrap(), []);
}

#[test]
fn a_role_that_is_no_nodes_login_is_left_alone_whatever_the_table_of_nodes_says() {
    let db = centre();
    db.psql("insert into peerage.node (name, login) values ('a', 'postgres'), ('b', 'peerage_app')");
    let mut conn = db.connect();
    assert_eq!(hardening::missing(&mut conn).unwrap(), []);
    assert_eq!(hardening::mend(&mut conn).unwrap(), []);
    assert_eq!(
        db.psql("select rolsuper, rolconnlimit from pg_roles where rolname = 'postgres'"),
        "t|-1"
    );
}

#[test]
fn each_limit_of_the_database_that_is_lifted_is_named() {
    let db = centre();
    let mut conn = db.connect();
    let name = db.name();
    for (lifted, what) in [
        (
            format!("grant temporary on database {name} to public"),
            "temporary objects",
        ),
        (format!("grant connect on database {name} to public"), "may connect"),
        (
            format!("revoke connect on database {name} from peerage_app"),
            "of its own right",
        ),
        (
            format!("alter database {name} reset temp_file_limit"),
            "temporary files",
        ),
        ("grant create on schema public to public".to_owned(), "schema public"),
        (
            "grant execute on function lo_create(oid) to public".to_owned(),
            "large objects",
        ),
        (
            "grant execute on function pg_try_advisory_lock(bigint) to public".to_owned(),
            "advisory locks",
        ),
    ] {
        conn.batch_execute(&lifted).unwrap();
        let told = hardening::missing(&mut conn).unwrap();
        assert_eq!(told.len(), 1, "{lifted}: {told:?}");
        assert!(told[0].what.contains(what), "{lifted}: {told:?}");
        assert_eq!(hardening::mend(&mut conn).unwrap(), [], "{lifted}");
    }
}
