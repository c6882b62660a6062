use peerage_store::{Actor, Advice, DatabaseUrl, Filter, Store, StoreError};
use peerage_testkit::db::TestDb;

use crate::support::{add_agent, database, open, parse};

fn actor() -> Actor {
    Actor::new("ada").unwrap()
}

#[test]
fn a_server_that_does_not_run_is_said_at_once_with_advice() {
    let url: DatabaseUrl = parse("postgresql://ada:hunter2@127.0.0.1:1/peerage");
    let error = Store::open(&url, actor()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(
        error.message().starts_with("cannot connect to the database: "),
        "{error}"
    );
    assert_eq!(error.advice(), Some(&Advice::DatabaseServer));
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn a_database_that_was_never_migrated_is_said_so() {
    let db = TestDb::empty();
    let error = open(&db).sites().unwrap_err();
    assert!(matches!(error, StoreError::Other(_)), "{error:?}");
    assert_eq!(error.advice(), Some(&Advice::Migrate), "{error:?}");
}

#[test]
fn a_user_without_rights_is_told_so() {
    let (db, _) = database();
    let login = db.login(&[]);
    db.psql(&format!("grant connect on database {} to {}", db.name(), login.user));
    let tcp = db.tcp();
    let url = format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    );
    let error = Store::open(&parse(&url), actor()).unwrap().sites().unwrap_err();
    assert!(matches!(error, StoreError::Other(_)), "{error:?}");
    assert!(
        error.message().contains("permission denied") && error.hint().is_some(),
        "{error:?}"
    );
}

#[test]
fn a_connection_that_was_cut_is_replaced() {
    let (db, store) = database();
    add_agent(&store, "1001");
    db.psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'peerage' and datname = current_database()");
    assert_eq!(store.agents(&Filter::default()).unwrap().len(), 1);
}

#[test]
fn sessions_carry_a_name_and_limits() {
    let (db, store) = database();
    store.sites().unwrap();
    let named = "select count(*) from pg_stat_activity where datname = current_database() and application_name = ";
    assert_eq!(db.psql(&format!("{named} 'peerage'")), "1");
    let url = format!("{}&application_name=mine", db.url());
    let other = Store::open(&parse(&url), actor()).unwrap();
    other.sites().unwrap();
    assert_eq!(db.psql(&format!("{named} 'mine'")), "1");
}

#[test]
fn a_role_of_the_application_can_do_what_needs_no_other_roles() {
    let (db, _) = database();
    let login = db.login(&["peerage_app"]);
    let tcp = db.tcp();
    let url = format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    );
    let store = Store::open(&parse(&url), actor()).unwrap();
    add_agent(&store, "1001");
    assert_eq!(store.agents(&Filter::default()).unwrap().len(), 1);
    store.remove_agent(&parse("1001")).unwrap();
    let error = store
        .add_node(&parse("pbx"), Some(&parse(&format!("{}_login_pbx", db.name()))))
        .unwrap_err();
    assert!(
        error.message().contains("lacks the rights of the owner: createrole"),
        "{error:?}"
    );
    assert!(
        error
            .hint()
            .unwrap()
            .contains(&format!("alter role {} createrole;", login.user)),
        "{error:?}"
    );
}
