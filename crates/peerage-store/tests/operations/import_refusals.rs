use std::thread;

use diesel::connection::SimpleConnection;
use peerage_store::{Advice, BadRow, ImportError, Mode, SitePatch, Store};

use crate::import::line;
use crate::support::{add_agent, add_phone, agent, database, parse, phone};

type Lines<T> = Vec<Result<peerage_store::ImportRow<T>, BadRow>>;

/// The bad lines as they are shown; fails when there are none.
fn refused(store: &Store, lines: Lines<peerage_store::NewAgent>) -> Vec<String> {
    match store.import_agents(lines, Mode::Commit) {
        Err(ImportError::Rows { bad, more: 0 }) => bad.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_bad_line_is_named_and_nothing_is_imported() {
    let (db, store) = database();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    let mut no_site = agent("1003");
    no_site.account.site = parse("nowhere");
    let mut two_faults = agent("1001");
    two_faults.account.voice.transports = parse("wss");
    let lines = vec![
        line(2, agent("1002")),
        line(3, agent("1001")),
        Err(BadRow::new(4, "`nat` cannot be `maybe`")),
        line(5, no_site),
        line(6, agent("1002")),
        line(7, agent("2001")),
        line(8, agent("1004")),
        line(9, two_faults),
    ];
    assert_eq!(
        refused(&store, lines),
        [
            "line 3: number `1001` is taken",
            "line 4: `nat` cannot be `maybe`",
            "line 5: there is no site `nowhere`",
            "line 6: number `1002` stands on line 2 already",
            "line 7: number `2001` is taken",
            "line 9: `encryption` cannot be `no`: yes when ws and wss are the only transports, because browsers demand DTLS",
            "line 9: number `1001` stands on line 3 already",
        ]
    );
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "2");
}

#[test]
fn numbers_that_differ_in_case_only_are_found_in_the_file_and_against_what_is_there() {
    let (db, store) = database();
    add_agent(&store, "Ada");
    add_phone(&store, "desk");
    let lines = ["bo", "ada", "BO", "DESK", "Bo", "Ada", "cy"];
    let lines = (2..).zip(lines).map(|(n, number)| line(n, agent(number))).collect();
    assert_eq!(
        refused(&store, lines),
        [
            "line 3: number `ada` is taken as `Ada`, which Asterisk takes for the same",
            "line 4: number `BO` stands on line 2 already as `bo`, which Asterisk takes for the same",
            "line 5: number `DESK` is taken as `desk`, which Asterisk takes for the same",
            "line 6: number `Bo` stands on line 2 already as `bo`, which Asterisk takes for the same",
            "line 7: number `Ada` stands on line 3 already as `ada`, which Asterisk takes for the same",
        ]
    );
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "2");
}

#[test]
fn a_number_that_stands_twice_is_found_across_batches() {
    let (db, store) = database();
    let mut lines: Lines<_> = (10_001..=14_001)
        .map(|number| line(number, agent(&number.to_string())))
        .collect();
    lines.push(line(20_000, agent("10001")));
    assert_eq!(
        refused(&store, lines),
        ["line 20000: number `10001` stands on line 10001 already"]
    );
    assert_eq!(db.psql("select count(*) from peerage.agent"), "0");
}

#[test]
fn two_peers_at_one_address_are_refused_in_the_file_and_against_what_is_there() {
    let (_db, store) = database();
    let peer = |number: &str, host: &str| {
        let mut new = agent(number);
        new.account.voice.host = parse(host);
        new.account.voice.peer_type = parse("peer");
        new
    };
    store
        .add_agent(&peer("1001", "10.0.0.1"), &parse("correct-horse"))
        .unwrap();
    let lines = vec![
        line(2, peer("1002", "10.0.0.2")),
        line(3, peer("1003", "10.0.0.1")),
        line(4, peer("1004", "10.0.0.2")),
        line(5, peer("1005", "dynamic")),
        line(6, peer("1006", "dynamic")),
    ];
    assert_eq!(
        refused(&store, lines),
        [
            "line 3: another peer has the fixed host `10.0.0.1`",
            "line 4: the peer on line 2 has the fixed host `10.0.0.2` already",
        ]
    );
}

#[test]
fn what_only_the_database_can_tell_is_found_by_its_line() {
    let (db, store) = database();
    // A rule that this version does not know of, as a later one or a site's own might have.
    db.psql("alter table peerage.agent add constraint agent_full_name_own_check check (full_name not like '%13')");
    let lines: Lines<_> = (1001..=1060)
        .map(|number| line(number, agent(&number.to_string())))
        .collect();
    let bad = refused(&store, lines);
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert!(
        bad[0].starts_with("line 1013: ") && bad[0].contains("agent_full_name_own_check"),
        "{bad:?}"
    );
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "0");
}

#[test]
fn a_number_that_somebody_takes_meanwhile_is_found_by_its_line() {
    let (db, store) = database();
    let mut other = db.connect();
    other
        .batch_execute(
            "begin;
             insert into peerage.sip_account (site_id, number, kind) select id, '1007', 'phone' from peerage.site;
             insert into peerage.phone (account_id, number, full_name) select id, number, 'Desk' from peerage.sip_account;",
        )
        .unwrap();
    let importer = thread::spawn(move || {
        let lines: Lines<_> = (1001..=1010)
            .map(|number| line(number, agent(&number.to_string())))
            .collect();
        refused(&store, lines)
    });
    let waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while db.psql(waiting) == "0" {
        assert!(std::time::Instant::now() < deadline, "the import does not wait");
    }
    other.batch_execute("commit").unwrap();
    assert_eq!(importer.join().unwrap(), ["line 1007: number `1007` is taken"]);
}

#[test]
fn of_very_many_bad_lines_the_first_thousand_are_named() {
    let (_db, store) = database();
    let lines: Lines<peerage_store::NewPhone> = (1..=2_500).map(|number| Err(BadRow::new(number, "bad"))).collect();
    match store.import_phones(lines, Mode::Commit) {
        Err(ImportError::Rows { bad, more }) => {
            assert_eq!((bad.len(), more, bad[999].line), (1_000, 1_500, 1_000));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failure_of_the_database_itself_is_no_bad_line() {
    let (db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    db.psql("drop table peerage.phone");
    match store.import_phones([line(2, phone("2001"))], Mode::Commit) {
        Err(ImportError::Store(error)) => assert_eq!(error.advice(), Some(&Advice::Migrate), "{error:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "0");
}
