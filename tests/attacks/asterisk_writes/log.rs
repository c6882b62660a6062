//! The log of the queues: no line is lost, and none has a time that cannot be.

use jiff::Timestamp;
use peerage_store::{Actor, LoggedAs, Store};
use peerage_testkit::db::TestDb;

use super::node::{Node, database};

fn line(time: &str, event: &str) -> String {
    format!(
        "insert into queue_log (time, callid, queuename, agent, event, data1) values ({time}, 'NONE', 'sales', 'Ada King', '{event}', 'lunch');"
    )
}

/// A time so far from now, as logger.c writes it.
fn away(interval: &str) -> String {
    format!("to_char((now() + interval '{interval}') at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
}

/// Whether the line of an event is of now, what it has of a bad time, and whether its time is this far away.
fn stands(db: &TestDb, event: &str) -> String {
    db.psql(&format!(
        "select time between now() - interval '1 minute' and now(), bad_time from peerage.queue_log where event = '{event}'"
    ))
}

#[test]
fn a_line_with_a_time_that_cannot_be_is_kept_with_that_of_its_arrival_and_marked() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    let times = [
        "infinity",
        "-infinity",
        "4000-01-01 00:00:00.000000",
        "9999-12-31 23:59:59.999999",
        "0000-00-00 00:00:00",
        "2026-02-30 00:00:00",
        "2025-02-29 12:00:00.000000",
        "1999-12-31 23:59:59",
        "now",
        "tomorrow",
        "99999999999999999",
        "2026-11-22 25:00:00",
        "2026-11-22T11:14:56Z",
        "garbage",
        "294277-01-01 00:00:00",
    ];
    for (at, time) in times.iter().enumerate() {
        node.says(&line(&format!("'{time}'"), &format!("E{at}"))).unwrap();
        assert_eq!(stands(&db, &format!("E{at}")), format!("t|{time}"));
    }
    for interval in ["6 minutes", "1 year", "-61 minutes", "-30 days", "-40 days"] {
        node.says(&line(&away(interval), interval)).unwrap();
        assert!(stands(&db, interval).starts_with("t|20"), "{interval}");
    }
    node.says(&line("repeat('9', 1000000)", "LONG")).unwrap();
    assert_eq!(stands(&db, "LONG"), format!("t|{}", "9".repeat(80)));
    // A repeated statement is one line here too.
    for _ in 0..3 {
        node.says(&line("'infinity'", "AGAIN")).unwrap();
    }
    assert_eq!(
        db.psql("select count(*) from peerage.queue_log where event = 'AGAIN'"),
        "1"
    );
    // What reads the log reads it all.
    node.says("select * from queue_log").unwrap();
    assert_eq!(
        db.psql("select count(*) from peerage.queue_log where not isfinite(time)"),
        "0"
    );
}

#[test]
fn a_line_of_now_is_not_marked_and_none_at_all_is_of_now() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    for interval in ["0 seconds", "-50 minutes", "4 minutes"] {
        node.says(&line(&away(interval), interval)).unwrap();
        let near = format!(
            "select bad_time is null and abs(extract(epoch from time - (now() + interval '{interval}'))) < 120 from peerage.queue_log where event = '{interval}'"
        );
        assert_eq!(db.psql(&near), "t", "{interval}");
    }
    for (time, event) in [("''", "EMPTY"), ("null", "NULL")] {
        node.says(&line(time, event)).unwrap();
        assert_eq!(stands(&db, event), "t|");
    }
}

#[test]
fn who_forwards_may_say_what_happened_a_month_ago_and_nobody_what_is_yet_to_come() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    db.psql(&format!("grant peerage_forwarder to {}", node.login.user));
    node.says(&line(&away("-20 days"), "OLD")).unwrap();
    assert_eq!(
        db.psql("select bad_time is null and time < now() - interval '19 days', node from peerage.queue_log"),
        "t|pbx1"
    );
    for interval in ["-32 days", "6 minutes"] {
        node.says(&line(&away(interval), interval)).unwrap();
        assert!(stands(&db, interval).starts_with("t|20"), "{interval}");
    }
    let written = "update peerage.queue_log set time = written_at + interval '1 day' where event = 'OLD'";
    let refused = db.try_psql(written).unwrap_err().to_string();
    assert!(refused.contains("queue_log_time_check"), "{refused}");
}

#[test]
fn texts_of_a_line_are_cut_and_the_line_is_kept() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    node.says(
        "insert into queue_log (time, callid, queuename, agent, event, data1, data2, data3, data4, data5)
         select '', text, text, text, text, text, text, text, text, text from (select repeat('^3B', 1000000) as text) as texts",
    )
    .unwrap();
    assert_eq!(
        db.psql("select octet_length(callid), octet_length(agent), octet_length(data1), octet_length(data5), left(data1, 2) from peerage.queue_log"),
        "255|255|1000|1000|;;"
    );
}

#[test]
fn a_row_of_the_log_is_one_line_of_the_file() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    node.says(
        "insert into queue_log (time, callid, queuename, agent, event, data1)
         values ('', e'1\n2', 'sales', e'a|b\r', 'RINGNOANSWER', e'a\n1796075000|9.9|sales|1001|COMPLETEAGENT|1|1\x1b[31mRED\x07')",
    )
    .unwrap();
    let store = Store::open(&db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap();
    let lines = store
        .queue_log((Timestamp::UNIX_EPOCH, 0), None, 100, LoggedAs::Name)
        .unwrap();
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let (_, text) = line.text.split_once('|').unwrap();
    assert_eq!(
        text,
        "1 2|sales|a b |RINGNOANSWER|a 1796075000|9.9|sales|1001|COMPLETEAGENT|1|1 [31mRED "
    );
}
