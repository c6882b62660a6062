//! What app_queue writes of members: it lands with the node as actor, reads back as written, and twice is once.

use peerage_model::{Choice, UnpauseRequest};

use super::support::{Centre, Node, because, in_queue, t};

fn at_work() -> (Centre, Node) {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let node = centre.node("pbx1");
    (centre, node)
}

/// What app_queue reads of a member.
fn member(node: &mut Node, uniqueid: &str) -> String {
    node.read(&format!(
        "SELECT paused, reason_paused, penalty, ringinuse FROM queue_members WHERE uniqueid = '{uniqueid}'"
    ))
}

/// Writes twice: one row each time, and the second time nothing changes.
#[track_caller]
fn write_twice(centre: &Centre, node: &mut Node, uniqueid: &str, set: &str) {
    assert_eq!(node.update(uniqueid, set), 1);
    centre.changes_nothing(|| {
        assert_eq!(node.update(uniqueid, set), 1, "a repeated write finds its row too");
        Ok(false)
    });
}

const PAUSES: &str = "select queue_name, reason, actor, forced, ended_by from peerage.agent_pause order by id";

#[test]
fn a_pause_lands_with_its_reason_or_without() {
    let (centre, mut node) = at_work();
    let (sales, support) = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    write_twice(&centre, &mut node, &sales, "reason_paused = 'lunch', paused = '1'");
    assert_eq!(member(&mut node, &sales), "1,lunch,1,");
    assert_eq!(member(&mut node, &support), "0,,2,", "one member at a time");
    assert_eq!(centre.state("1001"), "partly_paused,");
    write_twice(&centre, &mut node, &support, "paused = '1'");
    assert_eq!(member(&mut node, &support), "1,,2,");
    assert_eq!(centre.state("1001"), "paused,", "the reasons differ");
    // Asterisk 16 and app_queue without a reason write an empty one.
    write_twice(&centre, &mut node, &sales, "reason_paused = '', paused = '1'");
    assert_eq!(member(&mut node, &sales), "1,,1,");
    assert_eq!(
        centre.sql(PAUSES),
        "sales,lunch,asterisk:pbx1,f,asterisk:pbx1\nsupport,,asterisk:pbx1,f,\nsales,,asterisk:pbx1,f,"
    );
    let known = "select distinct pause.reason_id = reason.id from peerage.agent_pause as pause join peerage.pause_reason as reason on reason.code = pause.reason";
    assert_eq!(centre.sql(known), "t");
}

#[test]
fn an_unpause_ends_the_pause_whoever_began_it() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    write_twice(&centre, &mut node, &sales, "reason_paused = '', paused = '0'");
    assert_eq!(member(&mut node, &sales), "0,,1,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(centre.sql(PAUSES), "sales,lunch,agent:1001,f,asterisk:pbx1");
    // Some versions leave the reason alone.
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    write_twice(&centre, &mut node, &sales, "paused = '0'");
    assert_eq!(member(&mut node, &sales), "0,,1,");
}

#[test]
fn unpausing_one_member_under_a_pause_of_all_leaves_the_others_paused() {
    let (centre, mut node) = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    let (sales, support) = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    // The same as it is: nothing. Our own QueuePause comes back like this.
    centre.changes_nothing(|| {
        assert_eq!(node.update(&sales, "reason_paused = 'lunch', paused = '1'"), 1);
        assert_eq!(node.update(&support, "reason_paused = 'lunch', paused = '1'"), 1);
        Ok(false)
    });
    write_twice(&centre, &mut node, &sales, "reason_paused = '', paused = '0'");
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,1,lunch");
    assert_eq!(centre.state("1001"), "partly_paused,");
    let kept = "select one.queue_name, one.reason, one.actor, one.paused_since = of_all.paused_since
      from peerage.agent_pause as one
        join peerage.agent_pause as of_all on of_all.queue_id is null
      where one.queue_id is not null";
    assert_eq!(centre.sql(kept), "support,lunch,agent:1001,t");
    write_twice(&centre, &mut node, &support, "reason_paused = '', paused = '0'");
    assert_eq!(centre.state("1001"), "available,");
    // Member by member is all of them.
    for uniqueid in [&sales, &support] {
        write_twice(
            &centre,
            &mut node,
            uniqueid,
            "reason_paused = 'Auto-Pause', paused = '1'",
        );
    }
    assert_eq!(centre.state("1001"), "paused,Auto-Pause");
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
}

/// Pauses for this reason; it reads back as `read`, and is no obstacle to anything.
#[track_caller]
fn pause_for(centre: &Centre, node: &mut Node, written: &str, read: &str) {
    let sales = centre.uniqueid("1001", "sales");
    write_twice(
        centre,
        node,
        &sales,
        &format!("reason_paused = '{written}', paused = '1'"),
    );
    // This client reads UTF-8; Asterisk reads the same bytes as they are.
    let same = format!(
        "select paused, convert_from(convert_to(reason_paused, 'LATIN1'), 'UTF8') = '{read}' from queue_members where uniqueid = '{sales}'"
    );
    assert_eq!(node.read(&same), "1,t", "{written:?}");
    let session = centre.store.situation(&t("1001")).unwrap().session.unwrap();
    assert_eq!(session.pauses.single.len(), 1, "{written:?}");
    let (from, to) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::now());
    centre.store.history(&t("1001"), from, to).unwrap();
}

#[test]
fn a_reason_reads_back_exactly_as_written() {
    let (centre, mut node) = at_work();
    let longest = "x".repeat(79);
    for reason in [
        "Lunch",
        "lunch^3B long",
        "^5E",
        "pausa caffè",
        "it''s \"late\"",
        "50%",
        "a, b (c)",
        "back\\slash",
        " blank ",
        &longest,
    ] {
        pause_for(&centre, &mut node, reason, reason);
    }
    // People read it in clear.
    pause_for(&centre, &mut node, "a^3Bb", "a^3Bb");
    assert_eq!(
        centre.sql("select reason from report.pauses where ended_at is null"),
        "a;b"
    );
    assert!(centre.log_out("1001").unwrap());
}

#[test]
fn a_reason_with_what_no_reason_can_have_is_taken_without_it() {
    let (centre, mut node) = at_work();
    pause_for(&centre, &mut node, "tab\there", "tab here");
    pause_for(&centre, &mut node, "\u{85}next\u{1}", " next ");
    // app_queue keeps 79 bytes of it, and would cut the last letter in two.
    pause_for(&centre, &mut node, &"é".repeat(300), &"é".repeat(39));
    pause_for(&centre, &mut node, &"x".repeat(300), &"x".repeat(79));
    assert!(centre.log_out("1001").unwrap());
}

#[test]
fn penalty_and_ringinuse_are_overrides_of_this_membership() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    write_twice(&centre, &mut node, &sales, "penalty = '5'");
    assert_eq!(member(&mut node, &sales), "1,lunch,5,");
    for written in ["1", "0", "yes", "no"] {
        write_twice(&centre, &mut node, &sales, &format!("ringinuse = '{written}'"));
        assert_eq!(member(&mut node, &sales), format!("1,lunch,5,{written}"));
    }
    write_twice(&centre, &mut node, &sales, "penalty = '0'");
    assert_eq!(member(&mut node, &sales), "1,lunch,0,no");
    assert_eq!(centre.uniqueid("1001", "sales"), sales);
    assert_eq!(
        centre.sql("select distinct penalty from peerage.queue_assignment order by 1"),
        "1\n2"
    );
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    let sales = centre.uniqueid("1001", "sales");
    assert_eq!(member(&mut node, &sales), "0,,1,");
}

#[test]
fn a_penalty_is_whatever_an_int_holds() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    for penalty in ["0", "1000000", "2147483647"] {
        write_twice(&centre, &mut node, &sales, &format!("penalty = '{penalty}'"));
        assert_eq!(member(&mut node, &sales), format!("0,,{penalty},"));
        let read = "select penalty from report.queue_membership where agent = '1001' and queue = 'sales'";
        assert_eq!(centre.sql(read), penalty);
    }
    // More it never writes.
    for penalty in ["2147483648", "12345678901", "+1", "x"] {
        let error = node.write(&format!(
            "update queue_members set penalty = '{penalty}' where uniqueid = '{sales}'"
        ));
        assert!(
            error.unwrap_err().to_string().contains("queue_login_penalty_check"),
            "{penalty}"
        );
    }
}

#[test]
fn a_reason_that_no_program_of_ours_could_read_is_refused_to_everybody() {
    let (centre, _node) = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    let set = |reason: &str| format!("update peerage.agent_pause set reason = {reason}");
    let (longest, too_long) = ("repeat('é', 39) || 'x'", "repeat('é', 40)");
    centre.exec(&set(longest));
    centre.store.situation(&t("1001")).unwrap();
    for reason in ["E'a\\nb'", "E'\\u0085'", "E'\\x7f'", "''", too_long] {
        let said = centre.fails(&set(reason));
        assert!(said.contains("agent_pause_reason_check"), "{reason}: {said}");
    }
}

#[test]
fn a_negative_penalty_ends_the_membership() {
    let (centre, mut node) = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    let (sales, support) = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    assert_eq!(node.update(&sales, "penalty = '-1'"), 1);
    assert_eq!(centre.members("1001"), "support,0,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(centre.sql(PAUSES), "sales,lunch,agent:1001,f,asterisk:pbx1");
    assert_eq!(node.update(&sales, "penalty = '-1'"), 0, "it is gone");
    assert_eq!(node.update(&support, "penalty = '-1'"), 1);
    assert_eq!(centre.members("1001"), "");
    assert!(centre.is_logged_in("1001"));
    assert!(centre.log_out("1001").unwrap());
}

#[test]
fn what_is_no_member_takes_every_write_without_a_change() {
    let (centre, mut node) = at_work();
    let ended = centre.uniqueid("1001", "sales");
    centre.log_out("1001").unwrap();
    for set in [
        "reason_paused = 'lunch', paused = '1'",
        "paused = '0'",
        "penalty = '5'",
        "penalty = '-1'",
        "ringinuse = '1'",
    ] {
        centre.changes_nothing(|| {
            assert_eq!(node.update("peerage-probe", set), 1, "{set}");
            assert_eq!(node.update(&ended, set), 0, "{set}");
            assert_eq!(node.update("nobody", set), 0, "{set}");
            Ok(false)
        });
    }
    let probe = "SELECT queue_name, interface, paused, reason_paused, ringinuse, penalty FROM queue_members WHERE uniqueid = 'peerage-probe'";
    assert_eq!(node.read(probe), "peerage-probe,Local/probe@peerage-probe,0,probe,no,0");
    assert_eq!(node.read("SELECT name FROM queues WHERE name = 'peerage-probe'"), "");
}

#[test]
fn each_node_writes_under_its_own_name() {
    let (centre, mut node) = at_work();
    let mut other = centre.node("pbx2");
    let sales = centre.uniqueid("1001", "sales");
    node.update(&sales, "reason_paused = 'lunch', paused = '1'");
    other.update(&sales, "reason_paused = '', paused = '0'");
    assert_eq!(centre.sql(PAUSES), "sales,lunch,asterisk:pbx1,f,asterisk:pbx2");
}

#[test]
fn a_write_that_waited_for_a_logout_does_no_harm() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.exec(
        "begin;
         select peerage.end_session(session.id, 'agent', null, 'agent:1001', peerage.lock_agent(session.agent_id))
         from peerage.agent_session as session",
    );
    let writing = std::thread::spawn(move || node.update(&sales, "reason_paused = 'lunch', paused = '1'"));
    centre.until_somebody_waits();
    centre.exec("commit");
    // The row was there when the statement began.
    assert!(writing.join().unwrap() <= 1);
    assert_eq!(centre.sql("select count(*) from peerage.agent_pause"), "0");
    assert_eq!(
        centre.sql("select count(*) from peerage.agent_state where ended_at is null"),
        "0"
    );
}

#[test]
fn of_two_writes_that_meet_neither_undoes_what_the_other_wrote() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    // A change of the penalty is under way when app_queue writes ringinuse.
    centre.exec(
        "begin;
         select peerage.lock_agent(agent_id) from peerage.agent_session;
         update peerage.queue_login set penalty = '9' where queue_name = 'sales'",
    );
    let writing = std::thread::spawn({
        let sales = sales.clone();
        move || {
            node.update(&sales, "ringinuse = '1'");
            node
        }
    });
    centre.until_somebody_waits();
    centre.exec("commit");
    let mut node = writing.join().unwrap();
    assert_eq!(member(&mut node, &sales), "0,,9,1");
}
