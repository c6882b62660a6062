//! Verify finds each kind of drift, and none where there is none.

use std::process::Command;

use peerage_store::{Actor, Store};
use peerage_testkit::db::TestDb;
use peerage_views::install;
use peerage_views::verify::{Direction, verify};

#[test]
fn a_fresh_install_has_no_drift_and_verifying_leaves_nothing_behind() {
    let db = TestDb::new();
    assert_eq!(verify(&mut db.connect()).unwrap(), []);
    let left = db.psql("select count(*) from pg_namespace where nspname = 'peerage_verify_asterisk'");
    assert_eq!(left.trim(), "0");
}

#[test]
fn a_database_that_was_dumped_and_restored_has_no_drift_and_is_healthy() {
    let db = TestDb::new();
    let restored = TestDb::empty();
    let dump = Command::new("pg_dump").args(["--dbname", db.url()]).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    restored.psql("drop schema if exists peerage, asterisk, asterisk_sites, report");
    restored.psql(&String::from_utf8(dump.stdout).unwrap());
    assert_eq!(verify(&mut restored.connect()).unwrap(), []);
    let store = Store::open(&restored.url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
    assert_eq!(store.health(&peerage_views::wanted()).unwrap().faults, [""; 0]);
}

#[test]
fn an_install_mends_code_and_views_and_says_what_it_does_not_mend() {
    let db = TestDb::new();
    let store = Store::open(&db.url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
    let faults = || store.health(&peerage_views::wanted()).unwrap().faults;
    assert_eq!(faults(), [""; 0]);
    for change in [
        "drop trigger sip_contact_written on peerage.sip_contact",
        "alter table peerage.sip_contact disable trigger sip_contact_written",
        "create or replace function peerage.is_port(written text) returns boolean language sql immutable set search_path = pg_catalog, pg_temp return true",
        "revoke execute on function peerage.begin_sign_in from peerage_app",
        "revoke execute on function asterisk.is_until(bigint, bigint) from peerage_asterisk",
        "revoke usage on schema asterisk from peerage_asterisk",
        "drop view report.sessions",
    ] {
        db.psql(change);
        assert_ne!(faults(), [""; 0], "{change}");
        let installed = install::migrate(&mut db.connect()).unwrap();
        assert_eq!(installed.differences, [], "{change}");
        assert_eq!(faults(), [""; 0], "{change}");
    }
    // What a DBA's own logins may read, how tables are stored, and comments are the DBA's business.
    let reader = format!("{}_reader", db.name());
    db.psql(&format!("create role {reader}"));
    for change in [
        "grant usage on schema peerage to READER; grant select on all tables in schema peerage to READER",
        "grant select on all sequences in schema peerage to READER; grant select on report.sessions to READER",
        "revoke all on all tables in schema peerage from READER",
        "alter table peerage.queue_log set (autovacuum_vacuum_scale_factor = 0.01)",
        "comment on table peerage.queue_log is 'ours'",
    ] {
        let change = change.replace("READER", &reader);
        db.psql(&change);
        assert_eq!(faults(), [""; 0], "{change}");
        let installed = install::install_again(&mut db.connect()).unwrap();
        assert_eq!(installed.differences, [], "{change}");
        assert_eq!(faults(), [""; 0], "{change}");
    }
    db.psql(&format!("drop owned by {reader}; drop role {reader}"));

    for (change, mend) in [
        (
            "grant create on schema peerage to peerage_app",
            "revoke create on schema peerage from peerage_app",
        ),
        (
            "alter table peerage.agent enable row level security",
            "alter table peerage.agent disable row level security",
        ),
        (
            "alter table peerage.queue_login drop constraint queue_login_paused_check",
            "alter table peerage.queue_login add constraint queue_login_paused_check check (paused in ('0', '1'))",
        ),
        (
            "drop index peerage.sip_contact_expiration_time_idx",
            "create index sip_contact_expiration_time_idx on peerage.sip_contact (expiration_time); alter index peerage.sip_contact_expiration_time_idx owner to peerage_owner",
        ),
        (
            "create rule mine as on insert to peerage.queue_log do instead nothing",
            "drop rule mine on peerage.queue_log",
        ),
        (
            "revoke all on peerage.sip_account from peerage_app",
            "grant select, insert, update, delete on peerage.sip_account to peerage_app",
        ),
        (
            "grant update (number) on peerage.sip_account to peerage_report",
            "revoke update (number) on peerage.sip_account from peerage_report",
        ),
    ] {
        db.psql(change);
        assert_ne!(faults(), [""; 0], "{change}");
        for _ in 0..2 {
            let installed = install::install_again(&mut db.connect()).unwrap();
            assert_ne!(installed.differences, [], "{change}");
            assert_ne!(faults(), [""; 0], "{change}");
        }
        db.psql(mend);
        let installed = install::migrate(&mut db.connect()).unwrap();
        assert_eq!(installed.differences, [], "{mend}");
        assert_eq!(faults(), [""; 0], "{mend}");
    }
}

#[test]
fn each_kind_of_drift_is_found_and_named() {
    for (change, object, direction) in [
        ("drop view asterisk.ps_aors", "view ps_aors", Direction::Missing),
        (
            "create view asterisk.mine as select 1 as one",
            "view mine",
            Direction::Unexpected,
        ),
        (
            "create or replace view asterisk.ps_endpoint_id_ips as select number as id, number as endpoint, 'x'::text as match, 'no'::text as srv_lookups from peerage.pjsip_identify",
            "view ps_endpoint_id_ips",
            Direction::Unexpected,
        ),
        (
            "comment on view asterisk.ps_auths is 'other'",
            "view ps_auths",
            Direction::Unexpected,
        ),
        (
            "comment on column asterisk.ps_auths.realm is null",
            "column ps_auths.realm",
            Direction::Missing,
        ),
        (
            "grant delete on asterisk.ps_auths to peerage_asterisk",
            "view ps_auths",
            Direction::Unexpected,
        ),
        (
            "revoke select on asterisk.ps_auths from peerage_asterisk",
            "view ps_auths",
            Direction::Missing,
        ),
        (
            "alter view asterisk.ps_auths owner to postgres",
            "view ps_auths",
            Direction::Unexpected,
        ),
        (
            "alter view asterisk_sites.ps_auths set (security_barrier = false)",
            "view ps_auths in asterisk_sites",
            Direction::Missing,
        ),
        (
            "drop operator asterisk_sites.~~ (text, text)",
            "operator ~~ in asterisk_sites",
            Direction::Missing,
        ),
        (
            "create function asterisk.mine() returns trigger language plpgsql as 'begin return new; end'; create trigger mine instead of update on asterisk.ps_auths for each row execute function asterisk.mine()",
            "trigger ps_auths.mine",
            Direction::Unexpected,
        ),
        (
            "create function asterisk.mine() returns integer language sql return 1",
            "function mine",
            Direction::Unexpected,
        ),
        (
            "drop trigger sip_account_moved on peerage.sip_account",
            "trigger sip_account.sip_account_moved",
            Direction::Missing,
        ),
        (
            "drop trigger sip_account_moved on peerage.sip_account; drop function peerage.sip_account_moved()",
            "function sip_account_moved",
            Direction::Missing,
        ),
        (
            "create or replace function peerage.is_port(written text) returns boolean language sql immutable set search_path = pg_catalog, pg_temp return true",
            "function is_port",
            Direction::Unexpected,
        ),
        (
            "do $$ begin execute replace(pg_get_functiondef('peerage.actor()'::regprocedure), 'begin', 'begin '); end $$",
            "function actor",
            Direction::Unexpected,
        ),
        (
            "alter table peerage.sip_contact add column mine text",
            "column sip_contact.mine",
            Direction::Unexpected,
        ),
        (
            "alter table peerage.sip_contact alter column node drop not null",
            "column sip_contact.node",
            Direction::Unexpected,
        ),
        (
            "alter table peerage.queue_login drop constraint queue_login_reason_paused_check",
            "constraint queue_login.queue_login_reason_paused_check",
            Direction::Missing,
        ),
        (
            "drop index peerage.sip_contact_expiration_time_idx",
            "index sip_contact_expiration_time_idx",
            Direction::Missing,
        ),
        (
            "grant delete on peerage.sip_contact to peerage_report",
            "table sip_contact",
            Direction::Unexpected,
        ),
    ] {
        let db = TestDb::new();
        db.psql(change);
        let found = verify(&mut db.connect()).unwrap();
        assert!(
            found
                .iter()
                .any(|drift| drift.object == object && drift.direction == direction),
            "`{change}` was not found as {direction:?} of {object}: {found:#?}"
        );
        // And nothing that was not touched is accused.
        let (_, named) = object.split_once(' ').unwrap();
        let view = named.split('.').next().unwrap();
        assert!(
            found
                .iter()
                .all(|drift| drift.object.contains(view) || drift.object.contains("mine")),
            "`{change}` made others drift: {found:#?}"
        );
    }
}
