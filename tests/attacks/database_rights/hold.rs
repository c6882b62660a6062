//! What a node's login could keep from others, or fill up: locks, transactions, disk, connections.

use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use peerage_testkit::db::TestDb;

use super::scene::{Intruder, centre, contact, store};

fn connect(intruder: &Intruder<'_>) -> PgConnection {
    PgConnection::establish(&intruder.url()).unwrap()
}

/// Waits until somebody waits for a lock in this database.
fn until_blocked(db: &TestDb) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let blocked =
        "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while db.psql(blocked) != "t" {
        assert!(Instant::now() < deadline, "nobody waits");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn no_login_takes_advisory_locks_or_stores_large_objects() {
    let db = centre();
    for group in ["peerage_asterisk", "peerage_report", "peerage_app"] {
        Intruder::new(&db, group).may_not(&[
            "select pg_advisory_lock(7065, 1)",
            "select pg_try_advisory_lock(1)",
            "select pg_advisory_xact_lock_shared(1)",
            "select lo_create(0)",
            "select lo_creat(-1)",
            "select lo_from_bytea(0, 'x')",
            "select lo_import('/etc/hostname')",
        ]);
    }
}

#[test]
fn a_node_that_holds_every_advisory_lock_of_ours_stops_no_registration() {
    let db = centre();
    let (hostile, other) = (
        Intruder::new(&db, "peerage_asterisk"),
        Intruder::new(&db, "peerage_asterisk"),
    );
    // As on a server whose DBA left these functions to everybody.
    db.psql("grant execute on all functions in schema pg_catalog to public");
    let mut holder = connect(&hostile);
    holder
        .batch_execute(
            "select count(pg_advisory_lock(7065, slot)) from generate_series(0, 1023) as slot;
             select count(pg_advisory_lock(hashtext('agent_place'), hashtext('PJSIP/' || number))) from unnest(array['1001', '1002', '2001']) as number;
             select pg_advisory_lock(8100131844425442561);",
        )
        .unwrap();
    let said = other.does(&format!("set lock_timeout = '2s'; {}", contact("1001", "10.0.0.7")));
    assert_eq!(said, "");
    let said = hostile.does("select from peerage.contact_lock for update");
    assert!(said.contains("permission denied"), "{said}");
    let store = store(&db);
    let request = peerage_model::LoginRequest {
        choice: Some(peerage_model::Choice::Internal),
        on_conflict: peerage_model::OnConflict::Refuse,
    };
    let admin = peerage_model::Actor::new("root", peerage_model::ActorRole::Admin);
    assert!(store.log_in(&"1002".parse().unwrap(), &request, &admin).unwrap());
    let mut migration = peerage_store::connect(&db.url().parse().unwrap()).unwrap();
    peerage_views::install::install_again(&mut migration).unwrap();
    drop(holder);
}

#[test]
fn no_node_locks_a_view_with_what_is_beneath() {
    let db = centre();
    for (group, schema) in [
        ("peerage_asterisk", "asterisk"),
        ("peerage_asterisk_sites", "asterisk_sites"),
    ] {
        let node = Intruder::new(&db, group);
        let views = db.psql(&format!(
            "select oid::regclass from pg_class where relnamespace = '{schema}'::regnamespace and relkind = 'v' order by 1"
        ));
        assert!(views.lines().count() >= 11, "{views}");
        for mode in ["access exclusive", "exclusive", "share row exclusive", "share"] {
            let locks: Vec<String> = views
                .lines()
                .map(|view| format!("begin; lock table {view} in {mode} mode"))
                .collect();
            node.may_not(&locks.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_contact_is_deleted_once_and_said_to_be() {
    let db = centre();
    let node = Intruder::new(&db, "peerage_asterisk");
    let said = node.does(&format!(
        "{};
         with gone as (delete from asterisk.ps_contacts where id like '1001^3B@%' returning id) select count(*) from gone;
         with gone as (delete from asterisk.ps_contacts where id like '1001^3B@%' returning id) select count(*) from gone;",
        contact("1001", "10.0.0.7")
    ));
    assert_eq!(said, "1\n0\n");
}

#[test]
fn a_transaction_that_a_node_keeps_open_is_ended() {
    let db = centre();
    let (hostile, other) = (
        Intruder::new(&db, "peerage_asterisk"),
        Intruder::new(&db, "peerage_asterisk"),
    );
    // What `node add` does for the logins it makes.
    db.psql(&format!("grant {}, {} to peerage_owner", hostile.user, other.user));
    assert_eq!(other.does(&contact("1001", "10.0.0.7")), "");
    let mut holder = connect(&hostile);
    holder
        .batch_execute(
            "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0;
             begin; update asterisk.ps_contacts set expiration_time = expiration_time;",
        )
        .unwrap();
    let app = Intruder::new(&db, "peerage_app");
    let store = peerage_store::Store::open(
        &app.url().parse().unwrap(),
        peerage_store::Actor::new("service").unwrap(),
    )
    .unwrap();
    thread::scope(|scope| {
        let refresh =
            scope.spawn(|| other.does("update asterisk.ps_contacts set expiration_time = expiration_time + 1"));
        until_blocked(&db);
        assert_eq!(store.end_overlong_transactions(Duration::from_secs(3600)).unwrap(), 0);
        // The one that waits is spared.
        assert_eq!(store.end_overlong_transactions(Duration::ZERO).unwrap(), 1);
        assert_eq!(refresh.join().unwrap(), "");
    });
    assert!(holder.batch_execute("commit").is_err());
}

#[test]
fn a_login_lifts_none_of_the_limits_that_are_not_its_own() {
    let db = centre();
    let store = store(&db);
    let login = format!("{}_login_pbx", db.name());
    let (_, password) = store
        .add_node(&"pbx-1".parse().unwrap(), Some(&login.parse().unwrap()))
        .unwrap();
    let tcp = db.tcp();
    let url = format!(
        "postgresql://{login}:{}@{}:{}/{}",
        password.expose(),
        tcp.host,
        tcp.port,
        tcp.database
    );
    let mut first = PgConnection::establish(&url).unwrap();
    for refused in [
        "set temp_file_limit = -1",
        "alter role current_user set temp_file_limit = -1",
        "alter role current_user connection limit -1",
        "alter role current_user createdb",
        "alter role current_user superuser",
        "alter role peerage_app password 'x'",
        "grant peerage_owner to current_user",
        "set role peerage_owner",
        "set session_replication_role = replica",
        "set log_statement = 'none'",
        "alter system set jit = on",
        "create database mine",
        "copy (select 1) to program 'id'",
        "select pg_read_file('/etc/passwd')",
    ] {
        let error = first.batch_execute(refused).unwrap_err().to_string();
        assert!(
            error.contains("permission denied") || error.contains("must "),
            "{refused}: {error}"
        );
    }
    assert_eq!(shown(&mut first, "current_setting('temp_file_limit')"), "1GB");
    assert_eq!(
        shown(&mut first, "current_setting('idle_in_transaction_session_timeout')"),
        "10s"
    );
    // As many connections as a node needs, and no more.
    let more: Vec<_> = (0..20).map_while(|_| PgConnection::establish(&url).ok()).collect();
    assert_eq!(more.len(), 9);
}

fn shown(connection: &mut PgConnection, expression: &str) -> String {
    use diesel::RunQueryDsl;
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(expression))
        .get_result(connection)
        .unwrap()
}

#[test]
fn a_login_sees_no_other_database_and_no_other_query() {
    let db = centre();
    let mut secret = db.connect();
    secret.batch_execute("select 'secret-of-another'").unwrap();
    for group in ["peerage_asterisk", "peerage_report", "peerage_app"] {
        let intruder = Intruder::new(&db, group);
        let other = TestDb::empty();
        for database in ["postgres", "template1"] {
            let said = intruder.does_in(database, "select 'inside'");
            assert!(
                said.contains("permission denied for database"),
                "{group} in {database}: {said}"
            );
        }
        drop(other);
        let seen = intruder.does("select string_agg(query, ' ') from pg_stat_activity where usename <> current_user");
        assert!(
            !seen.contains("secret-of-another") && seen.contains("insufficient privilege"),
            "{seen}"
        );
        intruder.may_not(&["select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user and pid <> pg_backend_pid() and usename is not null limit 1"]);
    }
}

#[test]
fn a_login_of_no_group_does_not_get_in() {
    let db = centre();
    let stranger = Intruder::new(&db, "pg_read_all_stats");
    let said = stranger.does("select 'inside'");
    assert!(said.contains("permission denied for database"), "{said}");
}
