//! The tests' databases.

use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use peerage_testkit::db::TestDb;

#[test]
fn two_tests_have_a_database_each() {
    let (one, other) = (TestDb::new(), TestDb::new());
    one.psql("create table public.mine (note text)");
    assert_eq!(one.psql("select to_regclass('public.mine')"), "mine");
    assert_eq!(other.psql("select to_regclass('public.mine') is null"), "t");
}

#[test]
fn a_dropped_database_is_gone_although_somebody_is_connected() {
    let witness = TestDb::empty();
    let doomed = TestDb::empty();
    let name = doomed.name().to_owned();
    let mut connection = doomed.connect();
    connection.batch_execute("select 1").unwrap();
    drop(doomed);
    assert_eq!(
        witness.psql(&format!("select count(*) from pg_database where datname = '{name}'")),
        "0"
    );
    assert!(connection.batch_execute("select 1").is_err());
}

#[test]
fn an_empty_database_holds_no_schema_of_ours() {
    let db = TestDb::empty();
    let ours = "select count(*) from pg_namespace where nspname in ('peerage', 'asterisk', 'report')";
    assert_eq!(db.psql(ours), "0");
}

#[test]
fn a_login_gets_in_over_tcp_with_its_password_and_is_gone_with_the_database() {
    let witness = TestDb::empty();
    let db = TestDb::empty();
    let login = db.login(&["pg_monitor"]);
    let tcp = db.tcp();
    let ask = |password: &str| {
        let url = format!("postgresql://{}@{}:{}/{}", login.user, tcp.host, tcp.port, tcp.database);
        Command::new("psql")
            .args(["-XAtwc", "select pg_has_role('pg_monitor', 'usage')", &url])
            .env("PGPASSWORD", password)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    assert_eq!(ask(&login.password).stdout, b"t\n");
    assert!(!ask("wrong").status.success());
    drop(db);
    assert_eq!(
        witness.psql(&format!(
            "select count(*) from pg_roles where rolname = '{}'",
            login.user
        )),
        "0"
    );
}

#[test]
fn what_psql_says_comes_back_and_an_error_keeps_its_sqlstate() {
    let db = TestDb::empty();
    assert_eq!(
        db.psql("create table t (a int, b text);\ninsert into t values (1, 'x'), (2, null);\ntable t"),
        "1|x\n2|"
    );
    let error = db.try_psql("select 1;\nselect 1/0;").unwrap_err().to_string();
    assert!(error.contains("22012"), "{error}");
}
