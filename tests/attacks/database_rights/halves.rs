//! What a DBA's own statement could leave half there: an account that is served for nobody, a member of a queue who is not at work.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use peerage_testkit::db::TestDb;

use super::scene::{Intruder, centre, contact, store};

const FAULTS: &str = include_str!("halves.sql");

/// A centre with a user for an agent, a supervisor and contacts, so that there is a row of each kind.
fn full() -> TestDb {
    let db = centre();
    let store = store(&db);
    let login = peerage_store::NewLogin {
        username: "ada".parse().unwrap(),
        role: peerage_model::Role::Agent,
        agent: Some("1002".parse().unwrap()),
    };
    store
        .add_login(&login, Some(&"correct horse battery".parse().unwrap()))
        .unwrap();
    let node = Intruder::new(&db, "peerage_asterisk");
    for number in ["1001", "1002", "2001"] {
        assert_eq!(node.does(&contact(number, "10.0.0.7")), "");
    }
    assert_eq!(db.psql(FAULTS), "");
    db
}

/// Runs it in a transaction of its own, and says what it left half there; it is taken back.
fn leaves(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    // The deferred constraints speak where a commit would.
    let done = connection.batch_execute(&format!("begin; {statement}; set constraints all immediate"));
    let left = match done {
        Ok(()) => diesel::sql_query(FAULTS).load::<Fault>(connection).unwrap(),
        // Refused: nothing of it stays.
        Err(_) => Vec::new(),
    };
    connection.batch_execute("rollback").unwrap();
    left.into_iter().map(|fault| fault.fault).collect()
}

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    fault: String,
}

#[test]
fn a_deleted_agent_or_phone_takes_its_account_along() {
    let db = full();
    for (statement, number) in [
        ("delete from peerage.queue_assignment where agent_id = (select id from peerage.agent where number = '1002');
          delete from peerage.login_account;
          delete from peerage.agent where number = '1002'", "1002"),
        ("update peerage.agent set account_id = null, removed_at = now() where number = '1002'", "1002"),
        ("delete from peerage.phone where number = '2001'", "2001"),
    ] {
        db.psql(&format!("begin; {statement}; commit;"));
        for table in ["sip_account", "sip_secret", "pjsip_endpoint", "pjsip_auth", "pjsip_aor", "sip_peer"] {
            let left = db.psql(&format!("select count(*) from peerage.{table} where number = '{number}'"));
            assert_eq!(left, "0", "{table} after {statement}");
        }
        assert_eq!(db.psql(&format!("select count(*) from peerage.sip_contact where aor = '{number}'")), "0");
        assert_eq!(db.psql(FAULTS), "");
        if number == "1002" && statement.starts_with("delete") {
            let again = peerage_store::NewAgent::new("1002".parse().unwrap(), "Again".parse().unwrap());
            store(&db).add_agent(&again, &"correct horse battery".parse().unwrap()).unwrap();
        }
    }
}

#[test]
fn an_account_of_nobody_is_refused_when_the_transaction_ends() {
    let db = centre();
    let error = db
        .try_psql(
            "insert into peerage.sip_account (site_id, number, kind) select id, '1009', 'agent' from peerage.site",
        )
        .unwrap_err();
    assert!(error.to_string().contains("sip_account_owner_check"), "{error}");
    db.psql(
        "with account as (
           insert into peerage.sip_account (site_id, number, kind) select id, '1009', 'agent' from peerage.site returning id, number
         )
         insert into peerage.agent (account_id, number, full_name) select id, number, 'Nine' from account",
    );
}

#[test]
fn no_delete_update_or_truncate_of_a_canonical_table_leaves_halves() {
    let db = full();
    let tables = db.psql(
        "select relname
         from pg_class
         where relnamespace = 'peerage'::regnamespace
           and relkind = 'r'
           and relname !~ '^(__diesel|pjsip_|sip_peer$|.*_lock$)'
         order by relname",
    );
    assert!(tables.lines().count() >= 25, "{tables}");
    let mut conn = db.connect();
    for table in tables.lines() {
        for statement in [
            format!("delete from peerage.{table}"),
            format!("truncate peerage.{table}"),
            format!("truncate peerage.{table} cascade"),
        ] {
            assert_eq!(leaves(&mut conn, &statement), Vec::<String>::new(), "{statement}");
        }
    }
    for statement in [
        "delete from peerage.agent_place where ended_at is null",
        "delete from peerage.agent_state where ended_at is null",
        "delete from peerage.agent_pause where ended_at is null",
        "delete from peerage.queue_login; delete from peerage.agent_pause; delete from peerage.agent_state; delete from peerage.agent_place; delete from peerage.agent_session",
        "update peerage.agent_session set ended_at = clock_timestamp(), ended_by = 'x', end_cause = 'admin'",
        "update peerage.agent_session set interface = 'PJSIP/9999'",
        "update peerage.agent_place set ended_at = clock_timestamp()",
        "update peerage.agent_state set ended_at = clock_timestamp()",
        "update peerage.agent_pause set ended_at = clock_timestamp(), ended_by = 'x'",
        "update peerage.queue_login set paused = '0', reason_paused = null",
        "update peerage.queue_login set interface = 'PJSIP/9999'",
        "update peerage.queue set name = 'other'",
        "update peerage.agent set account_id = null, removed_at = now() where number = '1001'",
        "update peerage.agent set account_id = null where number = '1002'",
        "update peerage.agent set account_id = (select id from peerage.sip_account where number = '2001') where number = '1002'",
        "update peerage.agent set removed_at = now()",
        "update peerage.agent set number = '1009' where number = '1002'",
        "update peerage.phone set number = '2009'",
        "update peerage.sip_account set id = default",
        "update peerage.sip_account set number = number || '9'",
        "update peerage.sip_account set number = number || '9'; update peerage.sip_secret set number = number || '9'",
        "update peerage.sip_account set kind = 'phone' where number = '1002'",
        "update peerage.sip_account set disabled = true",
        "update peerage.sip_secret set number = '1009'",
        "update peerage.sip_secret set id = id + 100",
        "delete from peerage.sip_secret",
        "delete from peerage.sip_account",
        "delete from peerage.sip_account where number = '1002'",
        "update peerage.login_account set agent_id = null",
    ] {
        assert_eq!(leaves(&mut conn, statement), Vec::<String>::new(), "{statement}");
    }
}

#[test]
fn truncate_is_refused_where_triggers_would_not_run() {
    let db = full();
    let unguarded = db.psql(
        "select class.relname
         from pg_class as class
         where class.relnamespace = 'peerage'::regnamespace
           and class.relkind = 'r'
           and exists (select from pg_trigger as one where one.tgrelid = class.oid and not one.tgisinternal and one.tgtype & 8 <> 0)
           and not exists (select from pg_trigger as one where one.tgrelid = class.oid and one.tgfoid = 'peerage.refuse_truncate'::regproc)",
    );
    assert_eq!(unguarded, "");
    for table in ["agent", "sip_account", "queue", "audit_entry", "pjsip_endpoint"] {
        let error = db
            .try_psql(&format!("set role peerage_owner; truncate peerage.{table} cascade"))
            .unwrap_err();
        assert!(error.to_string().contains("cannot be truncated"), "{error}");
    }
    let app = Intruder::new(&db, "peerage_app");
    let tables = db.psql("select relname from pg_class where relnamespace = 'peerage'::regnamespace and relkind = 'r'");
    let statements: Vec<String> = tables
        .lines()
        .map(|table| format!("truncate peerage.{table}"))
        .collect();
    app.may_not(&statements.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_state_or_pause_that_overlaps_an_open_one_is_refused() {
    let db = full();
    let mut conn = db.connect();
    let mut refused = |statement: &str| {
        let done = conn.batch_execute(&format!("begin; {statement}; set constraints all immediate"));
        conn.batch_execute("rollback").unwrap();
        done.map_err(|error| error.to_string())
    };
    let state = "insert into peerage.agent_state (session_id, state, began_at, ended_at)
      select session_id, 'available', began_at, began_at + interval '1 hour' from peerage.agent_state where ended_at is null";
    let pauses = "delete from peerage.agent_pause;
      insert into peerage.agent_pause (session_id, actor, ended_by, paused_since, began_at, ended_at)
      select id, 'x', 'x', now() - interval '2 hours', now() - interval '2 hours', now() - interval 'ENDED' from peerage.agent_session;
      insert into peerage.agent_pause (session_id, actor, paused_since, began_at)
      select id, 'x', now() - interval '1 hour', now() - interval '1 hour' from peerage.agent_session;
      select peerage.settle(id, clock_timestamp()) from peerage.agent_session";
    for (statement, words) in [
        (state.to_owned(), "its state began before an earlier one ended"),
        (
            pauses.replace("ENDED", "30 minutes"),
            "a pause began before an earlier one of the same queue ended",
        ),
    ] {
        let error = refused(&statement).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    // One after the other they may stand.
    refused(&pauses.replace("ENDED", "1 hour")).unwrap();
}
