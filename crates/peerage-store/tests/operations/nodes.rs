use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use peerage_model::Secret;
use peerage_store::{Advice, ManagerAddress, NodePatch, RoleName, ServedSites, StoreError};
use peerage_testkit::db::TestDb;

use crate::support::{assert_conflict, assert_invalid, assert_not_found, database, parse};

/// A name for a role that the test kit removes, whatever becomes of the test: roles belong to the whole server.
fn login(db: &TestDb, name: &str) -> RoleName {
    parse(&format!("{}_login_{name}", db.name()))
}

fn connect(db: &TestDb, login: &RoleName, password: &Secret) -> ConnectionResult<PgConnection> {
    let tcp = db.tcp();
    PgConnection::establish(&format!(
        "postgresql://{login}:{}@{}:{}/{}",
        password.expose(),
        tcp.host,
        tcp.port,
        tcp.database
    ))
}

fn ask(connection: &mut PgConnection, expression: &str) -> QueryResult<String> {
    diesel::select(sql::<Text>(expression)).get_result(connection)
}

#[test]
fn a_node_signs_in_with_the_password_it_got_and_reads_what_asterisk_reads() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    let (node, password) = store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    assert_eq!((node.name.as_str(), &node.login, node.connections), ("pbx-1", &role, 0));

    let mut connection = connect(&db, &role, &password).unwrap();
    assert_eq!(
        ask(&mut connection, "current_setting('search_path')").unwrap(),
        "asterisk, pg_catalog"
    );
    assert_eq!(
        ask(&mut connection, "current_setting('statement_timeout')").unwrap(),
        "10s"
    );
    assert_eq!(ask(&mut connection, "current_setting('lock_timeout')").unwrap(), "5s");
    assert_eq!(
        ask(&mut connection, "(select count(*) from ps_endpoints)::text").unwrap(),
        "0"
    );
    let denied = ask(&mut connection, "(select count(*) from peerage.sip_secret)::text").unwrap_err();
    assert!(denied.to_string().contains("permission denied"), "{denied}");
    assert_eq!(store.node(&parse("pbx-1")).unwrap().connections, 1);
    assert_eq!(store.nodes().unwrap().len(), 1);
}

#[test]
fn the_server_keeps_a_verifier_and_nobody_the_password() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    let (_, password) = store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    let kept = db.psql(&format!("select rolpassword from pg_authid where rolname = '{role}'"));
    assert!(kept.starts_with("SCRAM-SHA-256$4096:"), "{kept}");
    assert!(!kept.contains(password.expose()));
    let audit = db.psql("select string_agg(entry::text, '') from peerage.audit_entry as entry");
    assert!(audit.contains("pbx-1") && !audit.contains("SCRAM") && !audit.contains(password.expose()));
}

#[test]
fn a_login_is_named_after_its_node() {
    let (db, store) = database();
    let name = parse(&db.name().replace('_', "-"));
    let (node, _) = store.add_node(&name, None).unwrap();
    // Removed before anything can fail: the test kit does not know this role.
    store.remove_node(&name).unwrap();
    assert_eq!(node.login.as_str(), format!("peerage_node_{}", db.name()));
}

#[test]
fn a_node_whose_name_is_too_long_for_a_login_is_told_to_choose_one() {
    let (_db, store) = database();
    let error = store.add_node(&parse(&"x".repeat(40)), None).unwrap_err();
    assert_eq!(error.field(), Some("login"));
    assert!(matches!(error.advice(), Some(Advice::NodeLogin(_))), "{error:?}");
}

#[test]
fn names_and_logins_that_are_taken_are_refused() {
    let (db, store) = database();
    let (one, two) = (login(&db, "one"), login(&db, "two"));
    store.add_node(&parse("pbx-1"), Some(&one)).unwrap();
    assert_conflict(
        store.add_node(&parse("pbx-1"), Some(&two)),
        "there is a node `pbx-1` already",
    );
    assert_conflict(
        store.add_node(&parse("pbx-2"), Some(&one)),
        &format!("another node has the login `{one}`"),
    );
    db.psql(&format!("create role {two}"));
    let error = store.add_node(&parse("pbx-2"), Some(&two)).unwrap_err();
    assert_eq!(error.message(), format!("the database role `{two}` exists already"));
    assert!(matches!(error.advice(), Some(Advice::NodeLogin(_))), "{error:?}");
    assert_eq!(db.psql("select string_agg(name, ',') from peerage.node"), "pbx-1");
}

#[test]
fn a_new_password_replaces_the_old_one() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    let (_, old) = store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    let new = store.rotate_node_password(&parse("pbx-1")).unwrap();
    assert_ne!(old.expose(), new.expose());
    assert!(connect(&db, &role, &old).is_err());
    assert!(connect(&db, &role, &new).is_ok());
}

#[test]
fn a_removed_node_is_cut_off_and_its_role_is_gone() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    let (_, password) = store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    let mut connection = connect(&db, &role, &password).unwrap();
    store.remove_node(&parse("pbx-1")).unwrap();
    assert_eq!(
        db.psql(&format!("select count(*) from pg_roles where rolname = '{role}'")),
        "0"
    );
    // The server tells the session to end, and says so when it next asks; the call returns before.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while ask(&mut connection, "'still here'").is_ok() {
        assert!(std::time::Instant::now() < deadline, "the session goes on");
    }
    assert!(connect(&db, &role, &password).is_err());
    store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
}

#[test]
fn a_node_whose_role_is_gone_can_still_be_removed() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    db.psql(&format!(
        "revoke all on database {} from {role}; drop role {role}",
        db.name()
    ));
    assert_conflict(
        store.rotate_node_password(&parse("pbx-1")),
        &format!("the database role `{role}` of node `pbx-1` is gone"),
    );
    store.remove_node(&parse("pbx-1")).unwrap();
    assert!(store.nodes().unwrap().is_empty());
}

#[test]
fn a_node_that_does_not_exist_is_said_so() {
    let (_db, store) = database();
    let name = parse("pbx-1");
    let message = "there is no node `pbx-1`";
    assert_not_found(store.node(&name), message);
    assert_not_found(store.rotate_node_password(&name), message);
    assert_not_found(store.remove_node(&name), message);
}

#[test]
fn a_role_on_which_something_depends_is_not_removed() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    db.psql(&format!(
        "create table public.kept (note text); alter table public.kept owner to {role}"
    ));
    let error = store.remove_node(&parse("pbx-1")).unwrap_err();
    assert!(error.message().contains("cannot be dropped"), "{error:?}");
    assert!(store.node(&parse("pbx-1")).is_ok(), "nothing of it was done");
}

#[test]
fn a_login_that_would_need_quoting_is_no_login() {
    assert_invalid(
        "pbx; drop role postgres"
            .parse::<RoleName>()
            .map_err(peerage_store::StoreError::from),
        "login",
        &format!("`login` cannot be `pbx; drop role postgres`: {}", RoleName::RULE),
    );
}

#[test]
fn where_a_nodes_manager_is_can_be_said_changed_and_taken_back() {
    let (db, store) = database();
    let name = parse("pbx-1");
    let (node, _password) = store.add_node(&name, Some(&login(&db, "pbx"))).unwrap();
    assert_eq!((node.manager, node.manager_user.as_str()), (None, "peerage"));

    let patch = NodePatch {
        manager: Some(Some("192.0.2.5:5038".parse().unwrap())),
        manager_user: Some("console".parse().unwrap()),
        ..NodePatch::default()
    };
    assert!(store.set_node(&name, &patch).unwrap());
    assert!(!store.set_node(&name, &patch).unwrap());
    let node = store.node(&name).unwrap();
    assert_eq!(
        node.manager.as_ref().map(peerage_store::ManagerAddress::as_str),
        Some("192.0.2.5:5038")
    );
    let managed = store.managed_nodes().unwrap();
    assert_eq!((&managed[0].name, &managed[0].manager), (&name, &node.manager));
    assert_eq!(managed[0].manager_user.as_str(), "console");

    let none = NodePatch {
        manager: Some(None),
        ..NodePatch::default()
    };
    assert!(store.set_node(&name, &none).unwrap());
    assert_eq!(store.node(&name).unwrap().manager, None);
    assert_not_found(store.set_node(&parse("pbx-2"), &none), "there is no node `pbx-2`");
}

#[test]
fn sites_and_manager_of_a_node_change_in_one_transaction_or_not_at_all() {
    let (db, store) = database();
    let name = parse("pbx-1");
    store.add_node(&name, Some(&login(&db, "pbx"))).unwrap();
    let patch = NodePatch {
        sites: Some(parse("default")),
        manager: Some(Some("192.0.2.5:5038".parse().unwrap())),
        ..NodePatch::default()
    };
    // The manager cannot be written: nor then are the sites.
    db.psql("alter table peerage.node add constraint node_without_manager check (manager is null)");
    assert!(store.set_node(&name, &patch).is_err());
    assert_eq!(store.node(&name).unwrap().sites, ServedSites::default());

    db.psql("alter table peerage.node drop constraint node_without_manager");
    assert!(store.set_node(&name, &patch).unwrap());
    assert!(!store.set_node(&name, &patch).unwrap());
    let node = store.node(&name).unwrap();
    assert_eq!((Some(node.sites), Some(node.manager)), (patch.sites, patch.manager));
}

#[test]
fn the_database_and_the_type_agree_on_what_a_managers_address_is() {
    let (db, store) = database();
    store.add_node(&parse("pbx-1"), Some(&login(&db, "pbx"))).unwrap();
    for (address, is_one) in [
        ("127.0.0.1:5038", true),
        ("pbx-1.example.org:1", true),
        ("[2001:db8::5]:65535", true),
        ("[::ffff:192.0.2.5]:5038", true),
        ("pbx", false),
        (":5038", false),
        ("pbx:", false),
        ("pbx:0", false),
        ("pbx:65536", false),
        ("pbx:123456", false),
        ("pbx:+5", false),
        ("2001:db8::5:5038", false),
        ("[pbx]:5038", false),
        ("pbx 1:5038", false),
        ("pbx:5038\n", false),
    ] {
        assert_eq!(ManagerAddress::try_from(address).is_ok(), is_one, "{address}");
        let update = format!("update peerage.node set manager = '{address}'");
        assert_eq!(db.try_psql(&update).is_ok(), is_one, "{address}");
    }
}

#[test]
fn a_node_whose_role_is_needed_elsewhere_stays_and_the_refusal_says_why() {
    let (db, store) = database();
    let role = login(&db, "pbx");
    store.add_node(&parse("pbx-1"), Some(&role)).unwrap();
    db.psql(&format!(
        "create table public.of_the_role (); alter table public.of_the_role owner to {role}"
    ));
    let error = store.remove_node(&parse("pbx-1")).unwrap_err();
    assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
    assert!(error.hint().unwrap().contains("drop owned by"), "{error:?}");
    assert_eq!(store.nodes().unwrap().len(), 1);
    db.psql("drop table public.of_the_role");
    store.remove_node(&parse("pbx-1")).unwrap();
}
