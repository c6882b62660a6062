use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use peerage_store::{AgentPatch, StoreError};
use peerage_testkit::db::TestDb;

use crate::support::{add_agent, agent, assert_conflict, database, open, parse, phone, secret};

/// Waits until a session waits for a lock of another.
fn until_somebody_waits(db: &TestDb) {
    until_wait(db, 1);
}

/// Waits until so many sessions wait for a lock of another.
pub(crate) fn until_wait(db: &TestDb, sessions: usize) {
    let query = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let deadline = Instant::now() + Duration::from_secs(60);
    while db.psql(query) != sessions.to_string() {
        assert!(Instant::now() < deadline, "{sessions} do not wait");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn of_two_who_add_one_number_at_once_one_wins_and_the_other_is_told() {
    let (db, store) = database();
    let mut first = db.connect();
    first
        .batch_execute(
            "begin;
             insert into peerage.sip_account (site_id, number, kind) select id, '1001', 'phone' from peerage.site;
             insert into peerage.phone (account_id, number, full_name) select id, number, 'Desk' from peerage.sip_account;",
        )
        .unwrap();
    let second = thread::spawn(move || store.add_agent(&agent("1001"), &secret()));
    until_somebody_waits(&db);
    first.batch_execute("commit").unwrap();
    assert_conflict(second.join().unwrap(), "number `1001` is taken");
    assert_eq!(db.psql("select count(*) from peerage.agent"), "0");
}

#[test]
fn the_other_wins_when_the_first_gives_up() {
    let (db, store) = database();
    let mut first = db.connect();
    first
        .batch_execute(
            "begin;
             insert into peerage.sip_account (site_id, number, kind) select id, '1001', 'phone' from peerage.site;
             insert into peerage.phone (account_id, number, full_name) select id, number, 'Desk' from peerage.sip_account;",
        )
        .unwrap();
    let second = thread::spawn(move || store.add_agent(&agent("1001"), &secret()));
    until_somebody_waits(&db);
    first.batch_execute("rollback").unwrap();
    second.join().unwrap().unwrap();
}

#[test]
fn of_many_who_add_one_number_exactly_one_wins() {
    let (db, store) = database();
    let adders: Vec<_> = (0..8)
        .map(|i| {
            let store = if i < 4 { store.clone() } else { open(&db) };
            thread::spawn(move || {
                if i % 2 == 0 {
                    store.add_agent(&agent("1001"), &secret())
                } else {
                    store.add_phone(&phone("1001"), &secret())
                }
            })
        })
        .collect();
    let mut won = 0;
    for adder in adders {
        match adder.join().unwrap() {
            Ok(()) => won += 1,
            Err(error) => assert_eq!(error.message(), "number `1001` is taken"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(db.psql("select count(*) from peerage.pjsip_auth"), "1");
}

#[test]
fn changes_of_one_agent_by_many_are_all_there() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let patches: [fn(&mut AgentPatch); 4] = [
        |patch| patch.account.voice.video = Some(true),
        |patch| patch.account.voice.chanspy = Some(true),
        |patch| patch.hot_desk = Some(true),
        |patch| patch.alias = Some(Some(parse("ada"))),
    ];
    let changers: Vec<_> = patches
        .into_iter()
        .map(|change| {
            let store = store.clone();
            let mut patch = AgentPatch::default();
            change(&mut patch);
            thread::spawn(move || store.set_agent(&parse("1001"), &patch).unwrap())
        })
        .collect();
    for changer in changers {
        assert!(changer.join().unwrap());
    }
    let found = store.agent(&parse("1001")).unwrap();
    assert!(found.account.voice.video && found.account.voice.chanspy && found.profile.hot_desk);
    assert!(found.profile.alias.is_some());
}

#[test]
fn who_waits_for_a_lock_too_long_is_told_to_try_again() {
    let (db, store) = database();
    add_agent(&store, "1001");
    let mut holder = db.connect();
    holder
        .batch_execute("begin; select from peerage.agent for update")
        .unwrap();
    let error = store.remove_agent(&parse("1001")).unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    assert!(error.hint().unwrap().contains("try again"));
    holder.batch_execute("rollback").unwrap();
    store.remove_agent(&parse("1001")).unwrap();
}
