//! Assignments and queues that change while their members are at work.

use peerage_model::{Choice, QueueName, UnpauseRequest};
use peerage_store::{QueuePatch, StoreError};

use super::support::{Centre, because, in_queue, of_queue, t};

fn at_work() -> Centre {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre
}

fn rename(centre: &Centre, from: &str, to: &str) {
    let patch = QueuePatch {
        name: Some(t(to)),
        ..QueuePatch::default()
    };
    assert!(centre.store.set_queue(&t(from), &patch).unwrap());
}

#[test]
fn an_agent_at_work_joins_a_queue_when_assigned_and_leaves_it_when_not() {
    let centre = at_work();
    let others = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    assert!(centre.store.assign(&t("billing"), &t("1001"), t("9")).unwrap());
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
    let joined = "select login.interface, login.member_name, login.penalty, login.began_at > session.began_at
      from peerage.queue_login as login
        join peerage.agent_session as session on session.id = login.session_id
      where login.queue_name = 'billing'";
    assert_eq!(centre.sql(joined), "PJSIP/1001,\"Ada King\",9,t");
    assert!(centre.store.unassign(&t("billing"), &t("1001")).unwrap());
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
    assert_eq!(
        (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support")),
        others
    );
    // Nobody at work: nothing but the assignment.
    assert!(centre.store.assign(&t("billing"), &t("1002"), t("9")).unwrap());
    assert_eq!(centre.members("1002"), "");
}

#[test]
fn a_queue_joined_under_a_pause_of_all_is_paused_too() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(
        centre.members("1001"),
        "billing,1,lunch\nsales,1,lunch\nsupport,1,lunch"
    );
    assert_eq!(centre.state("1001"), "paused,lunch");
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
}

#[test]
fn joining_and_leaving_make_the_state_what_the_memberships_say() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.pause("1001", &in_queue("support", "lunch")).unwrap();
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(centre.state("1001"), "partly_paused,");
    centre.store.unassign(&t("billing"), &t("1001")).unwrap();
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.unassign(&t("sales"), &t("1001")).unwrap();
    assert_eq!(
        centre.sql("select queue_name, ended_by from peerage.agent_pause order by queue_name"),
        "sales,test:ada\nsupport,"
    );
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.unassign(&t("support"), &t("1001")).unwrap();
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn another_penalty_keeps_the_member() {
    let centre = at_work();
    let member = centre.uniqueid("1001", "sales");
    assert!(centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap());
    assert_eq!(centre.uniqueid("1001", "sales"), member);
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "5"
    );
    centre.changes_nothing(|| Ok(centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap()));
    // Asterisk's word is an override of this membership, and gone with it.
    let mut node = centre.node("pbx1");
    node.update(&member, "penalty = '8'");
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "8"
    );
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "5"
    );
}

#[test]
fn what_asterisk_removed_does_not_come_back_with_another_queue() {
    let centre = at_work();
    let mut node = centre.node("pbx1");
    let member = centre.uniqueid("1001", "sales");
    assert_eq!(node.update(&member, "penalty = '-1'"), 1);
    assert_eq!(centre.members("1001"), "support,0,");
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(centre.members("1001"), "billing,0,\nsupport,0,");
    // The next login does.
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
}

#[test]
fn members_go_with_a_queue_that_gets_another_name() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    let (sales, support) = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    rename(&centre, "sales", "b2b");
    assert_eq!(centre.members("1001"), "b2b,1,lunch\nsupport,0,");
    assert_ne!(
        centre.uniqueid("1001", "b2b"),
        sales,
        "for app_queue it is another member"
    );
    assert_eq!(centre.uniqueid("1001", "support"), support);
    let session = centre.store.situation(&t("1001")).unwrap().session.unwrap();
    assert_eq!(
        session.pauses.single.keys().map(QueueName::as_str).collect::<Vec<_>>(),
        ["b2b"]
    );
    // The pause can be ended by the queue's new name, and history keeps the old.
    assert!(centre.unpause("1001", &of_queue("b2b")).unwrap());
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,0,");
    assert_eq!(
        centre.sql("select queue, reason, ended_by from report.pauses"),
        "sales,lunch,agent:1001"
    );
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn a_pause_of_all_holds_through_a_change_of_name() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    rename(&centre, "sales", "b2b");
    assert_eq!(centre.members("1001"), "b2b,1,lunch\nsupport,1,lunch");
    assert!(centre.unpause("1001", &of_queue("b2b")).unwrap());
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,1,lunch");
    // The name is free for a new queue, which is another.
    centre.store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,1,lunch");
}

#[test]
fn a_queue_that_is_removed_loses_its_members_at_once() {
    let centre = at_work();
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.store.remove_queue(&t("sales")).unwrap();
    assert_eq!(centre.members("1001"), "support,0,");
    assert_eq!(centre.members("1002"), "support,0,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(
        centre.sql("select queue, reason, ended_by from report.pauses"),
        "sales,lunch,test:ada"
    );
    assert_eq!(
        centre.sql("select count(*) from peerage.queue_assignment where penalty = 1"),
        "0"
    );
    let error = centre.store.remove_queue(&t("sales")).unwrap_err();
    assert_eq!(error.message(), "there is no queue `sales`");
    // A new one of that name starts empty.
    centre.store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    assert_eq!(centre.members("1001"), "support,0,");
}

#[test]
fn a_dba_who_deletes_or_renames_a_queue_does_the_same() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.exec(
        "delete from peerage.queue where name = 'sales'; update peerage.queue set name = 'help' where name = 'support'",
    );
    assert_eq!(centre.members("1001"), "help,0,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(
        centre.sql("select count(*) from peerage.agent_pause where ended_at is null"),
        "0"
    );
}

#[test]
fn assigning_names_what_is_not_there() {
    let centre = Centre::new();
    let not_found = |result: Result<bool, StoreError>, words: &str| {
        let error = result.unwrap_err();
        assert_eq!(error.message(), words);
        assert!(matches!(error, StoreError::NotFound(_)), "{error:?}");
    };
    not_found(
        centre.store.assign(&t("nowhere"), &t("1001"), t("0")),
        "there is no queue `nowhere`",
    );
    not_found(
        centre.store.assign(&t("sales"), &t("9999"), t("0")),
        "there is no agent `9999`",
    );
    not_found(
        centre.store.assign(&t("sales"), &t("2001"), t("0")),
        "there is no agent `2001`",
    );
    not_found(
        centre.store.unassign(&t("nowhere"), &t("1001")),
        "there is no queue `nowhere`",
    );
    not_found(
        centre.store.unassign(&t("sales"), &t("9999")),
        "there is no agent `9999`",
    );
    assert!(!centre.store.unassign(&t("billing"), &t("1001")).unwrap());
    centre.store.remove_agent(&t("1002")).unwrap();
    not_found(
        centre.store.assign(&t("sales"), &t("1002"), t("0")),
        "there is no agent `1002`",
    );
}

#[test]
fn a_penalty_set_in_asterisk_is_shown_and_can_be_set_back() {
    let centre = at_work();
    centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap();
    let shown = || {
        let queue = centre.store.queue(&t("sales")).unwrap();
        let assigned = queue.agents.into_iter().find(|one| one.agent == t("1001")).unwrap();
        (assigned.penalty, assigned.assigned_penalty.get())
    };
    assert_eq!(shown(), (5, 5));
    let member = centre.uniqueid("1001", "sales");
    centre.node("pbx1").update(&member, "penalty = '2000'");
    assert_eq!(shown(), (2000, 5), "the one in force, beside the one of the next login");
    assert!(
        centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap(),
        "it is not so already"
    );
    assert_eq!(shown(), (5, 5));
    centre.changes_nothing(|| Ok(centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap()));
}

/// What is said of an option, and what to do.
fn refused(centre: &Centre, option: &str, value: &str) -> (String, String) {
    let patch = QueuePatch {
        options: [(option.to_owned(), Some(value.to_owned()))].into(),
        ..QueuePatch::default()
    };
    let error = centre.store.set_queue(&t("sales"), &patch).unwrap_err();
    assert_eq!(error.field(), Some("options"));
    (error.to_string(), error.hint().unwrap_or_default())
}

#[test]
fn an_option_that_app_queue_would_not_understand_is_refused_by_name() {
    let centre = Centre::new();
    for (option, value, rule) in [
        ("announce_frequency", "abc", "a whole number"),
        ("memberdelay", "-1", "a whole number"),
        ("autofill", "perhaps", "yes or no"),
        ("announce_holdtime", "twice", "yes, no or once"),
        ("announce_position", "first", "yes, no, limit or more"),
        ("announce_round_seconds", "7", "0, 5, 10, 15, 20 or 30"),
        ("timeoutpriority", "mine", "app or conf"),
    ] {
        let (said, _) = refused(&centre, option, value);
        assert!(
            said.contains(&format!("{option}={value}")) && said.contains(rule),
            "{said}"
        );
    }
    let (said, hint) = refused(&centre, "announce-frequency", "60");
    assert!(said.contains("announce-frequency=60"), "{said}");
    assert_eq!(hint, "did you mean `announce_frequency`?");
    assert_eq!(
        refused(&centre, "weight", "1").1,
        "`weight` has a field of its own: weight"
    );
    for (option, value) in [
        ("announce_frequency", "60"),
        ("autofill", "no"),
        ("announce_holdtime", "once"),
    ] {
        let patch = QueuePatch {
            options: [(option.to_owned(), Some(value.to_owned()))].into(),
            ..QueuePatch::default()
        };
        assert!(centre.store.set_queue(&t("sales"), &patch).unwrap(), "{option}");
    }
}

#[test]
fn the_options_that_are_suggested_are_those_that_the_database_takes() {
    let centre = Centre::new();
    let known = centre.sql(&format!(
        "select count(*), count(*) filter (where peerage.queue_option_kind(name) is not null) from unnest(array['{}']) as name",
        peerage_store::QUEUE_OPTIONS.join("','")
    ));
    assert_eq!(known, "41,41");
}

#[test]
fn conditions_of_an_empty_queue_are_app_queues_words() {
    let centre = Centre::new();
    let set = |words: &str| {
        let patch = QueuePatch {
            join_empty: Some(words.to_owned()),
            leave_when_empty: Some(words.to_owned()),
            ..QueuePatch::default()
        };
        centre
            .store
            .set_queue(&t("sales"), &patch)
            .map_err(|error| error.to_string())
    };
    for good in [
        "yes",
        "no",
        "strict",
        "loose",
        "paused",
        "paused,penalty,inuse,ringing,unavailable,invalid,unknown,wrapup",
    ] {
        set(good).unwrap();
    }
    for bad in [
        "bogus",
        "unavailabel,pasued",
        "paused, unavailable",
        "yes,no",
        "paused,",
        "",
        "Paused",
    ] {
        let said = set(bad).unwrap_err();
        assert!(
            said.contains("unavailable, invalid, unknown, wrapup") || bad.is_empty(),
            "{bad}: {said}"
        );
    }
}

#[test]
fn only_a_change_to_linear_or_rrordered_needs_a_restart() {
    let centre = Centre::new();
    let needs = |from: &str, to: &str| {
        let change = |strategy: &str| QueuePatch {
            strategy: Some(strategy.to_owned()),
            ..QueuePatch::default()
        };
        centre.store.set_queue(&t("sales"), &change(from)).unwrap();
        let queue = centre.store.queue(&t("sales")).unwrap();
        queue.needs_restart(&change(to)).is_some()
    };
    assert!(needs("ringall", "linear") && needs("rrmemory", "rrordered"));
    assert!(!needs("ringall", "ringall") && !needs("linear", "linear") && !needs("linear", "rrmemory"));
}

/// Whether Asterisk reads the member as paused, and why.
fn read_by_asterisk(centre: &Centre, queue: &str) -> String {
    centre.node("pbx1").read(&format!(
        "select paused, reason_paused from queue_members where queue_name = '{queue}'"
    ))
}

#[test]
fn the_rest_after_a_call_goes_with_a_move_and_a_new_login_and_ends_by_itself() {
    let centre = Centre::new();
    centre.exec("update peerage.queue set wrapup_seconds = 600 where name = 'sales'");
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(read_by_asterisk(&centre, "sales"), "0,");
    let ended = |ago: &str| {
        centre.exec(&format!(
            "insert into peerage.queue_log (time, callid, queuename, agent, event, agent_id, agent_number)
             select clock_timestamp() - interval '{ago}', '1700000000.1', 'sales', member_name, 'COMPLETECALLER', agent_id, agent_number
             from peerage.agent_session where ended_at is null"
        ));
    };
    ended("10 minutes");
    centre.move_to("1001", Choice::Mobile).unwrap();
    assert_eq!(read_by_asterisk(&centre, "sales"), "0,", "a rest that is over");
    ended("1 minute");
    centre.move_to("1001", Choice::Internal).unwrap();
    assert_eq!(read_by_asterisk(&centre, "sales"), "1,wrap-up");
    assert_eq!(read_by_asterisk(&centre, "support"), "0,", "another queue has its own");
    let left = "select rests_until between clock_timestamp() + interval '530 seconds' and clock_timestamp() + interval '540 seconds'
      from peerage.queue_login where queue_name = 'sales'";
    assert_eq!(centre.sql(left), "t");
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(read_by_asterisk(&centre, "sales"), "1,wrap-up");
    // It is no pause of the agent's, and needs nobody to end it.
    assert_eq!(centre.state("1001"), "available,");
    // A service that leads a node ends it, a PJSIP node's search for expired contacts, and the next line of the queue log.
    for look in [
        "select peerage.end_rests()",
        "select node from peerage.lead('x', 'x', '{}', '{}', '{}', 5)",
        "select asterisk.sweep_until(1)",
        "insert into asterisk.queue_log (time, callid, queuename, agent, event) values (now()::text, '1700000000.9', 'sales', 'NONE', 'ENTERQUEUE')",
    ] {
        centre.log_out("1001").unwrap();
        centre.log_in("1001", Choice::Internal).unwrap();
        centre.exec(look);
        assert_eq!(read_by_asterisk(&centre, "sales"), "1,wrap-up", "not yet over: {look}");
        centre.exec("update peerage.queue_rest set until = clock_timestamp()");
        assert_eq!(read_by_asterisk(&centre, "sales"), "1,wrap-up");
        centre.exec(look);
        assert_eq!(read_by_asterisk(&centre, "sales"), "0,", "{look}");
        assert_eq!(centre.sql("select count(*) from peerage.queue_rest"), "0");
    }

    // A pause that Asterisk takes during the rest is one, with a reason and without (Asterisk 16 writes none).
    for (set, reason) in [
        ("reason_paused = 'toilet', paused = '1'", "toilet"),
        ("paused = '1'", ""),
    ] {
        centre.exec("update peerage.queue_login set rests_until = clock_timestamp() + interval '1 minute' where queue_name = 'sales'");
        assert_eq!(read_by_asterisk(&centre, "sales"), "1,wrap-up");
        let mut node = centre.node("pbx1");
        node.write(&format!("update queue_members set {set} where queue_name = 'sales'"))
            .unwrap();
        assert_eq!(centre.state("1001"), "partly_paused,", "{set}");
        centre.exec("update peerage.queue_login set rests_until = null");
        assert_eq!(read_by_asterisk(&centre, "sales"), format!("1,{reason}"));
        node.write("update queue_members set paused = '0' where queue_name = 'sales'")
            .unwrap();
        assert_eq!(read_by_asterisk(&centre, "sales"), "0,");
    }
}
